import type { ImageRequest } from '../../identity/request.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import type { MaskPolarity } from '../../models/servers.ts'
import { parseSize } from '../../models/size.ts'
import type { InputPicture } from '../../pictures/input-picture.ts'

/** Version of the protocol. It rises if a program that reads it would do the wrong thing. */
export const PROTOCOL = 1

/** What a program reads from standard input: one JSON object. */
export type CommandRequest = {
  protocol: typeof PROTOCOL
  /** The empty folder that the program writes its pictures to. Absolute. */
  folder: string
  operation: ImageRequest['operation']
  prompt: string
  /** The model of the manifest, or the name that `as` gives it. */
  model: string
  /** Size of the picture, px. */
  width: number
  height: number
  /** Number of pictures, at least 1. */
  count: number
  quality: string
  background: ImageRequest['background']
  format: ImageRequest['format']
  /** The picture to edit, its mask and references, in order, each as an absolute path. */
  inputs: { role: InputPicture['role']; path: string }[]
  /** Further settings of the asset, such as `compression`. */
  settings: Record<string, unknown>
  /** `body` of the provider's entry. */
  body: Record<string, unknown>
}

/** Creates what a program reads for a request. @param paths absolute paths of the inputs */
export function createCommandRequest(
  request: ImageRequest,
  {
    folder,
    count,
    inputs,
    settings: { names, body },
  }: {
    folder: string
    count: number
    inputs: CommandRequest['inputs']
    settings: Pick<ProviderSettings, 'names' | 'body'>
  },
): CommandRequest {
  const {
    operation,
    prompt,
    model,
    size,
    quality,
    background,
    format,
    inputs: _,
    ...more
  } = request
  return {
    protocol: PROTOCOL,
    folder,
    operation,
    prompt,
    model: names[model] ?? model,
    ...parseSize(size)!,
    count,
    quality,
    background,
    format,
    inputs,
    settings: more,
    body,
  }
}

/** Returns the bytes of an input as the program expects them: a mask in the polarity of the entry. */
export function bytesOfInput(
  { role, bytes, masks }: InputPicture,
  { quirks: { maskPolarity } }: Pick<ProviderSettings, 'quirks'>,
): Uint8Array {
  return role === 'mask' ? (masks?.[maskPolarity as MaskPolarity] ?? bytes) : bytes
}
