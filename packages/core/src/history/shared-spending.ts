import { isAbsolute, join } from 'node:path'
import { createDebug } from '../debug.ts'
import { appendInside } from '../disk/project-files.ts'
import { existsInside, maxBytes, readTextInside } from '../disk/read-inside.ts'
import { tryWriteFile } from '../disk/write-atomic.ts'
import { monthOf, type RequestEntry } from './entry.ts'
import { type ProjectPlace, projectIds, storedIdOf, storedIdPath } from './project-ids.ts'

/*
 * What all copies of a project on this machine spend in a month: one line per request in
 * `spending/<month>/<id>.jsonl` of the user's state folder, and one more when it ends. A project has
 * several ids, and each request is in the file of each of them.
 */

const debug = createDebug('limits')

/** The spending of all copies of a project on this machine. */
export type SharedSpending = {
  /** Records a request before it is sent and after it ended: the last line of an `id` counts. */
  append(entry: RequestEntry): void
  /**
   * Sums up what all copies spent in a month (UTC, `2026-11`), USD, without the requests that were
   * appended here.
   */
  spentByOthers(month: string): number
}

/** The variables of the user that say where state is stored. */
type UserEnvironment = Readonly<Record<string, string | undefined>>

/**
 * Returns Limn's folder in the state folder of the user: `~/.local/state/limn` by default;
 * `undefined` if the environment names no home.
 */
function userStateFolder({
  XDG_STATE_HOME: state,
  LOCALAPPDATA: local,
  HOME: home,
}: UserEnvironment): string | undefined {
  const folder = [state, local, home && join(home, '.local', 'state')].find(
    (path) => path !== undefined && isAbsolute(path),
  )
  return folder === undefined ? undefined : join(folder, 'limn')
}

/**
 * Opens the spending of a project; `undefined` without a state folder. A state folder that cannot
 * be read or written is ignored: the history of the project itself still counts.
 */
export function openSharedSpending(
  place: ProjectPlace,
  env: UserEnvironment,
): SharedSpending | undefined {
  const folder = userStateFolder(env)
  if (folder === undefined) return undefined
  const own = new Set<string>()
  let ids: readonly string[] | undefined
  const filesOf = (month: string): string[] =>
    (ids ??= projectIds(place)).map((id) => join(folder, 'spending', month, `${id}.jsonl`))
  return {
    append({ id, at, usd }) {
      own.add(id)
      const month = monthIn(at)
      if (month === undefined) return
      try {
        storeId(place)
        for (const file of filesOf(month)) {
          // A line break before the line ends a line that a crash tore.
          appendInside(folder, file, `\n${JSON.stringify({ id, usd: usd ?? 0 })}\n`)
        }
      } catch (error) {
        debug('the spending of other copies is not recorded: %s', error)
      }
    },
    spentByOthers(month) {
      const usdById = new Map<string, number>()
      for (const file of filesOf(month)) {
        for (const [id, usd] of readLines(folder, file)) if (!own.has(id)) usdById.set(id, usd)
      }
      return [...usdById.values()].reduce((sum, usd) => sum + usd, 0)
    },
  }
}

/** Returns the month of a time, unless a batch record of another version has another form. */
function monthIn(at: string): string | undefined {
  const month = monthOf({ at } as RequestEntry)
  return /^\d{4}-\d{2}$/.test(month) ? month : undefined
}

/** Stores the id that the project has now, so that it stays when the manifest changes. */
function storeId(place: ProjectPlace): void {
  const path = storedIdPath(place.state)
  if (!existsInside(place.root, path)) tryWriteFile(place.root, path, `${storedIdOf(place)}\n`)
}

function readLines(folder: string, file: string): (readonly [id: string, usd: number])[] {
  let text
  try {
    text = readTextInside(folder, file, maxBytes.data)
  } catch {
    return []
  }
  return text.split('\n').flatMap((line) => {
    try {
      const { id, usd } = JSON.parse(line) as { id?: unknown; usd?: unknown }
      return typeof id === 'string' && typeof usd === 'number' && usd >= 0 ? [[id, usd]] : []
    } catch {
      return []
    }
  })
}
