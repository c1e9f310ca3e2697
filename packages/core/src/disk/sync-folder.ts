import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

const { O_RDONLY, O_DIRECTORY } = constants

/** The running sync of each folder, and the one that follows it. */
const syncByFolder = new Map<string, { running: Promise<void>; next?: Promise<void> }>()

/**
 * Makes new and renamed entries of a folder durable. Does nothing where the system does not support
 * it (Windows). Calls during a running sync share the next one, as the running one may have started
 * before their changes.
 */
export function syncFolder(folder: string): Promise<void> {
  const sync = syncByFolder.get(folder)
  if (sync !== undefined) {
    return (sync.next ??= sync.running.catch(() => {}).then(() => syncFolder(folder)))
  }
  const running = syncFolderNow(folder).finally(() => syncByFolder.delete(folder))
  syncByFolder.set(folder, { running })
  return running
}

async function syncFolderNow(folder: string): Promise<void> {
  const handle = await open(folder, O_RDONLY | (O_DIRECTORY ?? 0)).catch(() => undefined)
  if (handle === undefined) return
  try {
    await handle.sync()
  } catch {
    // Some file systems cannot sync a folder; the rename is atomic all the same.
  } finally {
    await handle.close()
  }
}
