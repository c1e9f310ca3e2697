import { type FSWatcher, mkdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from './random.ts'

/** One change in the folders that a run writes to. */
type Change = { folder: 'root' | 'state' | 'journal' | 'images' | 'outputs'; name: string }

/** When a process is to be killed: resolves then. */
export type Moment = { name: string; come(root: string, signal: AbortSignal): Promise<void> }

/**
 * A moment that is anywhere in a run: after a time, or when the disk changes for the n-th time in a
 * way.
 */
export function anyMoment(random: Random): Moment {
  return random.pick([
    () => afterTime(random.whole(0, 1200)),
    () => afterChange('any change', random.whole(1, 60), () => true),
    () =>
      afterChange(
        'a picture half written to the journal',
        random.whole(1, 6),
        ({ folder, name }) => folder === 'journal' && name.includes('.picture.'),
      ),
    () =>
      afterChange(
        'a picture in the journal',
        random.whole(1, 6),
        ({ folder, name }) => folder === 'journal' && name.endsWith('.picture'),
      ),
    () =>
      afterChange(
        'a master half written',
        random.whole(1, 6),
        ({ folder, name }) => folder === 'images' && name.endsWith('.tmp'),
      ),
    () =>
      afterChange(
        'a master',
        random.whole(1, 6),
        ({ folder, name }) => folder === 'images' && name.endsWith('.png'),
      ),
    () =>
      afterChange('a lockfile half written', 1, ({ name }) =>
        /^\.images\.lock\..*\.tmp$/.test(name),
      ),
    () =>
      afterChange(
        'a lockfile',
        random.whole(1, 2),
        ({ folder, name }) => folder === 'root' && name === 'images.lock',
      ),
    () => afterChange('an output', random.whole(1, 8), ({ folder }) => folder === 'outputs'),
    () =>
      afterChange(
        'the lock of the writer',
        random.whole(1, 4),
        ({ folder, name }) => folder === 'state' && name.startsWith('writer.'),
      ),
  ])()
}

function afterTime(ms: number): Moment {
  return {
    name: `after ${ms} ms`,
    come: (_, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
  }
}

function afterChange(what: string, times: number, isIt: (change: Change) => boolean): Moment {
  return {
    name: `at ${what}, number ${times}`,
    come: (root, signal) =>
      new Promise((resolve) => {
        const folders: Record<Change['folder'], string> = {
          root,
          state: join(root, '.limn'),
          journal: join(root, '.limn', 'journal'),
          images: join(root, 'images', 'boats'),
          outputs: join(root, 'node_modules', '.cache', 'limn', 'outputs'),
        }
        let left = times
        const watchers: FSWatcher[] = []
        const done = (): void => {
          for (const watcher of watchers) watcher.close()
          resolve()
        }
        for (const [folder, path] of Object.entries(folders)) {
          mkdirSync(path, { recursive: true })
          const seen = (_: string, name: string | null): void => {
            if (
              name !== null &&
              isIt({ folder: folder as Change['folder'], name }) &&
              --left === 0
            ) {
              done()
            }
          }
          watchers.push(watch(path, seen))
        }
        signal.addEventListener('abort', done)
        if (signal.aborted) done()
      }),
  }
}
