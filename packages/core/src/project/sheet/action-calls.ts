import type { Calls } from '@limn/contact-sheet'
import { LimnError } from '../../errors.ts'
import type { Call } from './call.ts'
import {
  boolean,
  type Check,
  integer,
  list,
  name,
  nullable,
  number,
  object,
  text,
  usd,
} from './check-input.ts'
import type { SheetContext } from './context.ts'

type ActionName =
  | 'preview'
  | 'edit'
  | 'price'
  | 'generate'
  | 'pick'
  | 'restore'
  | 'pin'
  | 'adopt'
  | 'mask'
  | 'variantPrice'
  | 'compare'

const share = number(0, 1)

/** The fields of an edit. */
const edits = {
  prompt: text(),
  styles: list(name, 100),
  alt: text(),
  model: name,
  quality: name,
  outputs: list(name, 200),
  focus: object({ x: share, y: share }),
}

/** Most variants of one comparison. */
const MAX_VARIANTS = 10
/** Largest uploaded file, bytes: a message has to stay below 90 MB in base64. */
const MAX_UPLOAD = 64 * 1024 * 1024

const variants = list(object({}, { model: name, quality: name, prompt: text() }), MAX_VARIANTS)
const names = nullable(list(name))
const upload: Check<string> = text(Math.ceil(MAX_UPLOAD / 3) * 4)

/** The calls that write or spend. */
export const actionCalls: { readonly [Name in ActionName]: Call<Name> } = {
  preview: {
    input: object({ name }, edits),
    run: async (context, input) => (await import('./preview-edit.ts')).previewEdit(context, input),
  },
  edit: {
    input: object({ name }, { ...edits, digest: text(64) }),
    writes: true,
    async run({ host }, { name: asset, digest, ...edit }) {
      await host.project.edit(asset, edit, digest)
      return {}
    },
  },
  price: {
    input: object({ names, force: boolean }),
    run: async (context, input) => (await import('./price-run.ts')).priceRun(context, input),
  },
  generate: {
    input: object({ names, force: boolean, agreedUsd: usd }),
    writes: true,
    run: async (context, input) => (await import('./start-run.ts')).startRun(context, input),
  },
  pick: {
    input: object({ name, number: integer(1, 1_000_000) }, { id: name }),
    writes: true,
    async run(context, input) {
      const id = input.id ?? (await findCandidate(context, input))
      await context.host.project.choose(input.name, id)
      return {}
    },
  },
  restore: {
    input: object({ name, id: name }),
    writes: true,
    async run({ host }, input) {
      await host.project.restore(input.name, input.id)
      return {}
    },
  },
  pin: {
    input: object({ name, pinned: boolean }),
    writes: true,
    async run({ host }, input) {
      await host.project.pin(input.name, input.pinned)
      return {}
    },
  },
  adopt: {
    input: object({ name, bytes: upload }),
    writes: true,
    async run({ host }, input) {
      await host.project.adopt(input.name, decodeUpload(input.bytes))
      return {}
    },
  },
  mask: {
    input: object({ name, png: upload }),
    writes: true,
    run: async ({ host }, input) => ({
      path: await host.project.setMask(input.name, decodeUpload(input.png)),
    }),
  },
  variantPrice: {
    input: object({ name, variants }),
    run: ({ host }, input) => host.project.priceVariants(input.name, input.variants),
  },
  compare: {
    input: object({ name, variants, agreedUsd: usd }),
    writes: true,
    run: async (context, input) => (await import('./start-run.ts')).startComparison(context, input),
  },
}

/** Finds the candidate that the page shows with a number. @throws LimnError `asset/no-candidate` */
async function findCandidate(
  context: SheetContext,
  { name: asset, number: wanted }: Calls['pick']['input'],
): Promise<string> {
  const { listEarlier } = await import('./earlier.ts')
  const sources = { paths: context.host.project.paths, state: await context.requireState() }
  const found = (await listEarlier(asset, sources)).find(
    (picture) => picture.origin === 'candidate' && picture.number === wanted,
  )
  if (found !== undefined) return found.id
  throw new LimnError('asset/no-candidate', `"${asset}" has no candidate ${wanted}.`, {
    hint: 'Look at the candidates again.',
  })
}

/** Decodes an uploaded file. @throws LimnError `picture/unreadable` */
function decodeUpload(base64: string): Uint8Array {
  const bytes = Buffer.from(base64, 'base64')
  // Buffer skips what is no base64.
  if (bytes.length > 0 && Math.ceil(bytes.length / 3) * 4 >= base64.length) return bytes
  throw new LimnError('picture/unreadable', 'The file has not arrived completely.', {
    hint: 'Choose it again.',
  })
}
