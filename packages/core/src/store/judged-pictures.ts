import { join } from 'node:path'
import { rootOfState } from '../disk/project-files.ts'
import { listInside, maxBytes, readTextInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { isJudged, type JudgedPicture } from '../lock/examination.ts'

/*
 * What the judge said about pictures, by picture and question. Limn writes a verdict here before the
 * lockfile names it, and keeps it: it was paid for, and an earlier picture may return.
 */

const KEY = /^[0-9a-f]{64}\.json$/

/**
 * Keeps the judge's verdicts about a picture. `key` is its `verdictKey`. @throws LimnError
 * `store/…`
 */
export async function keepJudgment(
  folder: string,
  key: string,
  judged: JudgedPicture,
): Promise<void> {
  await writeFileAtomic(
    rootOfState(folder),
    join(folder, `${key}.json`),
    `${JSON.stringify(judged)}\n`,
  )
}

/** Reads the judge's verdicts about a picture; `undefined` if there are none that can be used. */
export function readJudgment(folder: string, key: string): JudgedPicture | undefined {
  try {
    const text = readTextInside(rootOfState(folder), join(folder, `${key}.json`), maxBytes.text)
    const judged: unknown = JSON.parse(text)
    return isJudged(judged) ? judged : undefined
  } catch {
    return undefined
  }
}

/** Lists the keys of all verdicts that are kept. */
export function listJudgments(folder: string): Set<string> {
  try {
    const names = listInside(rootOfState(folder), folder).map(({ name }) => name)
    return new Set(names.filter((name) => KEY.test(name)).map((name) => name.slice(0, 64)))
  } catch {
    return new Set()
  }
}
