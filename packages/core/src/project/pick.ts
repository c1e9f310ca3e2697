import { extname, relative } from 'node:path'
import { LimnError } from '../errors.ts'
import { hashRequest } from '../identity/request.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { listCandidates } from '../store/candidates.ts'
import { masterPath } from '../store/masters.ts'
import type { ProjectContext } from './context.ts'
import { findAsset } from './find-asset.ts'
import { installManual } from './install-manual.ts'
import { outputsUnder, readManualMaster } from './manual-master.ts'
import { runAsWriter } from './run-as-writer.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * Makes candidate `number`, from 1, the master.
 *
 * @returns the path of the master, relative to the root
 * @throws LimnError `asset/unknown`, `asset/no-candidate`, `picture/unreadable`; ManifestError
 */
export async function pick(
  context: ProjectContext,
  { name, number }: { name: string; number: number },
): Promise<string> {
  const { paths, read } = context
  return runAsWriter(context, {}, async () => {
    const snapshot = await read()
    const { manifest } = snapshot
    const { entry, requestHash } = findGenerated(snapshot, name)
    const candidates = listCandidates(paths, { asset: name, requestHash })
    const file = candidates.get(number)
    if (file === undefined) throw noCandidate({ name, number, manifest, candidates })
    const { bytes, facts } = await readManualMaster({
      file,
      shownPath: relative(paths.root, file),
      root: paths.root,
    })
    const extension = extname(file).slice(1)
    const path = masterPath(paths, { asset: name, extension })
    const picked: LockEntry = {
      ...entry,
      master: { path, ...facts, state: 'generated' },
      made: { ...entry.made, picked: number },
      outputs: outputsUnder(facts, entry),
    }
    await installManual({ name, entry: picked, bytes, extension }, { paths, snapshot })
    return path
  })
}

/** @throws LimnError `asset/unknown`; `asset/no-candidate` if the asset was never generated */
function findGenerated(
  snapshot: Snapshot,
  name: string,
): { entry: LockEntry; requestHash: string } {
  const entry = snapshot.lock.assets.get(name)
  if (entry !== undefined && entry.request.operation !== 'source') {
    return { entry, requestHash: hashRequest(entry.request) }
  }
  findAsset(snapshot, name)
  throw new LimnError('asset/no-candidate', `"${name}" has no candidates.`, {
    hint: howToGetCandidates(name, snapshot.manifest),
  })
}

function noCandidate({
  name,
  number,
  manifest,
  candidates,
}: {
  name: string
  number: number
  manifest: Manifest
  candidates: ReadonlyMap<number, string>
}): LimnError {
  if (candidates.size === 0) {
    return new LimnError('asset/no-candidate', `"${name}" has no candidates on this machine.`, {
      hint: howToGetCandidates(name, manifest),
    })
  }
  return new LimnError('asset/no-candidate', `"${name}" has no candidate ${number}.`, {
    hint: `Choose one of ${[...candidates.keys()].join(', ')}.`,
  })
}

/** Returns the hint for an asset that has no candidates to pick from. */
function howToGetCandidates(name: string, { assets }: Manifest): string {
  const hasCandidates = assets.some((asset) => asset.name === name && asset.candidates > 1)
  return hasCandidates
    ? `Run \`limn generate ${name}\`, with --force if it has a picture; add --profile draft to both commands for candidates of a draft.`
    : 'Set `candidates: 4` on the asset, then run `limn generate`.'
}
