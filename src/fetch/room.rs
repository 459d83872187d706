//! How many bytes of pages may be in memory between fetching and whoever uses
//! them: queues count pages, and a few large ones would fill the memory.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What one permit of the semaphore stands for, in bytes.
const UNIT: u64 = 1024;

/// The room that a page takes up. Keep it as long as the page, or what was
/// made of it, is in memory; while too much is kept, a run fetches no more.
#[derive(Debug, Default)]
pub struct Hold {
    _permit: Option<OwnedSemaphorePermit>,
}

/// The room of a run; without a bound there is none to wait for.
#[derive(Debug)]
pub(crate) struct Room {
    free: Option<(Arc<Semaphore>, u32)>,
}

impl Room {
    pub(crate) fn new(bytes: Option<u64>) -> Self {
        let free = bytes.map(|bytes| {
            let most = u32::try_from(Semaphore::MAX_PERMITS).unwrap_or(u32::MAX);
            let all = u32::try_from(bytes / UNIT).unwrap_or(most).clamp(1, most);
            (Arc::new(Semaphore::new(all as usize)), all)
        });
        Self { free }
    }

    /// Waits for room. What is larger than all of it gets all of it.
    pub(crate) async fn take(&self, bytes: u64) -> Hold {
        let Some((free, all)) = &self.free else { return Hold::default() };
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(*all).min(*all);
        // Never closed.
        Hold { _permit: Arc::clone(free).acquire_many_owned(units).await.ok() }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn room_is_given_back_when_a_hold_is_dropped() {
        let room = Room::new(Some(10 * UNIT));
        let soon = Duration::from_millis(20);
        let first = room.take(6 * UNIT).await;
        assert!(timeout(soon, room.take(5 * UNIT)).await.is_err());
        drop(first);
        let huge = timeout(soon, room.take(u64::MAX)).await.unwrap();
        assert!(timeout(soon, room.take(1)).await.is_err());
        drop(huge);
        assert!(timeout(soon, room.take(0)).await.is_ok());
    }
}
