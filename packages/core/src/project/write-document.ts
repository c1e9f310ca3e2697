import { existsSync } from 'node:fs'
import { dirname, isAbsolute, relative } from 'node:path'
import { maxBytes, readNamed } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { LimnError } from '../errors.ts'

/** Bytes at the start of a document in which its mark is. */
const HEAD = 2000

/**
 * Writes a document that Limn can recognise by a mark near its start. Replaces only an earlier one,
 * or an empty file.
 *
 * @param path absolute
 * @param options.option the option that names the file
 * @param options.root the project's folder: a path in it must not lead out through a link
 * @throws LimnError `output/taken`, `store/outside`, `store/read-only` and the like
 */
export async function writeDocument(
  path: string,
  text: string,
  { mark, option, root }: { mark: string; option: string; root: string },
): Promise<void> {
  if (existsSync(path) && !isReplaceable(path, mark)) {
    throw new LimnError(
      'output/taken',
      `${path} exists and Limn did not write it, so Limn keeps it.`,
      { hint: `Name another file with --${option}.` },
    )
  }
  await writeFileAtomic(isBelow(root, path) ? root : dirname(path), path, text)
}

function isReplaceable(path: string, mark: string): boolean {
  try {
    const bytes = readNamed(path, maxBytes.data)
    return bytes.length === 0 || bytes.subarray(0, HEAD).includes(mark)
  } catch {
    return false
  }
}

function isBelow(root: string, path: string): boolean {
  const below = relative(root, path)
  return !isAbsolute(below) && below.split(/[/\\]/)[0] !== '..'
}
