import type { PictureRef } from '@limn/contact-sheet'
import { maxBytes, readInside } from '../../disk/read-inside.ts'
import type { LockEntry } from '../../lock/lock.ts'
import type { Asset, Output } from '../../manifest/manifest.ts'
import type { OutputService } from '../output-service.ts'
import type { SheetContext } from './context.ts'
import { readEarlierPicture } from './earlier.ts'
import { readEditedPicture } from './edited-picture.ts'
import type { SheetState } from './session-state.ts'
import { shownPicture } from './shown-picture.ts'
import type { Thumbs } from './thumbs.ts'
import { outputMimes, THUMB_EDGE, toWebPicture, type WebPicture } from './web-picture.ts'

/** A picture of the page. `isExact`: the address names these bytes, so they may be cached. */
export type SentPicture = WebPicture & { isExact: boolean }

type Sender = SheetContext & { thumbs: Thumbs; signal?: AbortSignal | undefined }

/**
 * Returns a picture that the page shows; `undefined` if there is none. Reads only files that the
 * last read of the project listed: nothing of a reference becomes part of a path.
 *
 * @throws LimnError `picture/unreadable` and others; the reason of `signal`
 */
export async function sendPicture(
  ref: PictureRef,
  sender: Sender,
): Promise<SentPicture | undefined> {
  const state = await sender.requireState()
  const asset = state.assetByName.get(ref.asset)
  if (asset === undefined) return undefined
  switch (ref.kind) {
    case 'thumb':
      return sendThumb(asset, { ...sender, state, version: ref.version })
    case 'master':
      return sendMaster(asset, { ...sender, state, version: ref.version })
    case 'output':
      return sendOutput(asset, ref, { ...sender, state })
    case 'partial':
      return sendPartial(asset, sender, ref.version)
    case 'input':
      return sendInput(asset, { ...sender, state, version: ref.version })
    case 'earlier': {
      const bytes = await readEarlierPicture(ref, {
        paths: sender.host.project.paths,
        state,
        history: sender.host.history,
      })
      // The id of a candidate is a number, which another one gets once the file is deleted.
      const isExact = !ref.id.startsWith('candidate-')
      return bytes === undefined ? undefined : { ...(await toWebPicture(bytes)), isExact }
    }
  }
}

type OfAsset = Sender & { state: SheetState; version: string }

async function sendThumb(
  asset: Asset,
  { state, version, thumbs, host, signal }: OfAsset,
): Promise<SentPicture | undefined> {
  const picture = shownPicture(asset, state.snapshot)
  const isExact = version === picture.version
  if (picture.kind === 'none') return undefined
  if (picture.kind === 'file') {
    return { bytes: await thumbs.get(picture, signal), mime: 'image/webp', isExact }
  }
  const service = await host.loadOutputService()
  const draw = (): ReturnType<OutputService['draft']> =>
    service.draft(asset, draftOutput(THUMB_EDGE))
  const { bytes } = await thumbs.add(draw, signal)
  return { bytes, mime: 'image/webp', isExact }
}

/** Longest edge of a draft that is shown in the place of a master, px. */
const DRAFT_EDGE = 1024

async function sendMaster(
  asset: Asset,
  { state, version, host }: OfAsset,
): Promise<SentPicture | undefined> {
  const picture = shownPicture(asset, state.snapshot)
  const isExact = version === picture.version
  if (picture.kind === 'none') return undefined
  if (picture.kind === 'file') {
    const bytes = readInside(host.project.paths.root, picture.path, maxBytes.picture)
    return { ...(await toWebPicture(bytes)), isExact }
  }
  const service = await host.loadOutputService()
  const { bytes } = await service.draft(asset, draftOutput(DRAFT_EDGE))
  return { bytes, mime: 'image/webp', isExact }
}

/** Returns the output that shows a whole draft. */
function draftOutput(edge: number): Output {
  return {
    file: `draft-${edge}.webp`,
    preset: 'draft',
    width: edge,
    height: edge,
    format: 'webp',
    quality: 74,
    fit: 'inside',
    position: 'centre',
    background: null,
    maxBytes: null,
    dpi: null,
    padding: 0,
    icons: [],
    provenance: false,
  }
}

/** Sends the picture that an asset edits. */
async function sendInput(
  asset: Asset,
  { state, version, host }: OfAsset,
): Promise<SentPicture | undefined> {
  const { root } = host.project.paths
  const edited = await readEditedPicture(asset, { snapshot: state.snapshot, root })
  if (edited === undefined) return undefined
  const bytes = readInside(root, edited.path, maxBytes.picture)
  return { ...(await toWebPicture(bytes)), isExact: version === edited.version }
}

async function sendOutput(
  asset: Asset,
  { file, version }: Extract<PictureRef, { kind: 'output' }>,
  { host, state }: Sender & { state: SheetState },
): Promise<SentPicture | undefined> {
  const output = asset.outputs.find((each) => each.file === file)
  if (output === undefined) return undefined
  const mime = outputMimes[output.format]!
  const service = await host.loadOutputService()
  const { bytes, recipe } = await readOutput(service, {
    asset,
    output,
    entry: state.snapshot.lock.assets.get(asset.name),
  })
  return { bytes, mime, isExact: recipe.startsWith(version) && version.length >= 8 }
}

/** Returns an output of the locked master, else of the draft. */
function readOutput(
  service: OutputService,
  { asset, output, entry }: { asset: Asset; output: Output; entry: LockEntry | undefined },
): ReturnType<OutputService['final']> {
  return entry === undefined ? service.draft(asset, output) : service.final(entry, output)
}

async function sendPartial(
  { name }: Asset,
  { runs }: Sender,
  version: string,
): Promise<SentPicture | undefined> {
  const partial = runs.partialOf(name)
  if (partial === undefined) return undefined
  return { ...(await toWebPicture(partial.bytes)), isExact: partial.version === version }
}
