import { type FSWatcher, mkdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from './random.ts'

/** A change in one of the folders that a run writes to. */
type Change = { folder: 'root' | 'state' | 'journal' | 'images' | 'outputs'; name: string }

/** A moment at which a test kills a process. */
type Moment = {
  name: string
  /** Waits until it has come. */
  wait(root: string, signal: AbortSignal): Promise<void>
}

/** Picks a moment of a run: after a delay, or at the n-th change of some kind on the disk. */
export function randomMoment(random: Random): Moment {
  return random.pick([
    () => afterTime(random.integer(0, 1200)),
    () => afterChange('any change', random.integer(1, 60), () => true),
    () =>
      afterChange(
        'a temporary file of a picture in the journal',
        random.integer(1, 6),
        ({ folder, name }) => folder === 'journal' && name.includes('.picture.'),
      ),
    () =>
      afterChange(
        'a picture in the journal',
        random.integer(1, 6),
        ({ folder, name }) => folder === 'journal' && name.endsWith('.picture'),
      ),
    () =>
      afterChange(
        'a temporary file of a master',
        random.integer(1, 6),
        ({ folder, name }) => folder === 'images' && name.endsWith('.tmp'),
      ),
    () =>
      afterChange(
        'a master',
        random.integer(1, 6),
        ({ folder, name }) => folder === 'images' && name.endsWith('.png'),
      ),
    () =>
      afterChange('a temporary file of the lockfile', 1, ({ name }) =>
        /^\.images\.lock\..*\.tmp$/.test(name),
      ),
    () =>
      afterChange(
        'a lockfile',
        random.integer(1, 2),
        ({ folder, name }) => folder === 'root' && name === 'images.lock',
      ),
    () => afterChange('an output', random.integer(1, 8), ({ folder }) => folder === 'outputs'),
    () =>
      afterChange(
        'the writer lock',
        random.integer(1, 4),
        ({ folder, name }) => folder === 'state' && name.startsWith('writer.'),
      ),
  ])()
}

function afterTime(ms: number): Moment {
  return {
    name: `after ${ms} ms`,
    wait: (_, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
  }
}

function afterChange(kind: string, times: number, matches: (change: Change) => boolean): Moment {
  return {
    name: `at ${kind}, number ${times}`,
    wait: (root, signal) =>
      new Promise((resolve) => {
        const folders: Record<Change['folder'], string> = {
          root,
          state: join(root, '.limn'),
          journal: join(root, '.limn', 'journal'),
          images: join(root, 'images', 'boats'),
          outputs: join(root, 'node_modules', '.cache', 'limn', 'outputs'),
        }
        let remaining = times
        const watchers: FSWatcher[] = []
        const done = (): void => {
          for (const watcher of watchers) watcher.close()
          resolve()
        }
        for (const [folder, path] of Object.entries(folders)) {
          mkdirSync(path, { recursive: true })
          const onChange = (_: string, name: string | null): void => {
            if (name === null || !matches({ folder: folder as Change['folder'], name })) return
            if (--remaining === 0) done()
          }
          watchers.push(watch(path, onChange))
        }
        signal.addEventListener('abort', done)
        if (signal.aborted) done()
      }),
  }
}
