import { type Diagnostic, sortDiagnostics } from '../../../../../packages/core/src/diagnostic.ts'
import { emptyLock } from '../../../../../packages/core/src/lock/lock.ts'
import type { Asset, Manifest } from '../../../../../packages/core/src/manifest/manifest.ts'
import { readWhole } from '../../../../../packages/core/src/manifest/read-whole.ts'
import { parseSize } from '../../../../../packages/core/src/models/size.ts'
import { createPlan } from '../../../../../packages/core/src/plan/create-plan.ts'
import { formatPlan } from '../../../../../packages/core/src/plan/format-plan.ts'
import type { Inventory } from '../../../../../packages/core/src/plan/inventory.ts'
import { paint, splitPainted } from './paint.ts'
import type { Drawing, Planned, PlannedPicture, PlanOrder, ShownPlan } from './planned.ts'

/** The name of the manifest in messages. */
const MANIFEST = 'images.yaml'

/** Plans a manifest in a project that has no other file, as `limn plan` does. */
export async function planManifest({ text, columns }: Omit<PlanOrder, 'id'>): Promise<Planned> {
  const { manifest, diagnostics } = await readWhole(text, undefined, {
    shownPath: MANIFEST,
    findIncluded: async (entries) => ({
      ...noFiles,
      named: [...entries],
      problems: entries.map((_, entry) => ({ entry, ...missingFile })),
    }),
    findData: async (patterns) => ({
      ...noFiles,
      files: [...patterns],
      byPattern: new Map(
        patterns.map((pattern) => [
          pattern,
          { files: [], problems: [{ entry: 0, ...missingFile }] },
        ]),
      ),
    }),
  })
  const sorted = sortDiagnostics(diagnostics, [MANIFEST])
  return manifest === undefined
    ? { diagnostics: sorted }
    : { diagnostics: sorted, plan: showPlan(manifest, columns) }
}

const missingFile = {
  message: 'The playground has only images.yaml, and no other files.',
  hint: 'Write what the file contains into the manifest.',
}

const noFiles = { files: [], digest: '', folders: [], isDeep: false }

function showPlan(manifest: Manifest, columns: number): ShownPlan {
  const plan = createPlan({ manifest, lock: emptyLock, inventory: emptyDisk })
  const assets = new Map(manifest.assets.map((asset) => [asset.name, asset]))
  const pictures = plan.steps.flatMap((step): PlannedPicture[] => {
    const asset = step.kind === 'generate' ? assets.get(step.asset) : undefined
    if (asset === undefined) return []
    const { name, alt, model } = asset
    return [{ asset: name, alt, model, drawing: drawingOf(asset, assets) }]
  })
  const lines = formatPlan(plan, { paint, columns, currency: manifest.currency })
  return { lines: lines.map(splitPainted), pictures }
}

/** Translates an asset for the painter as the provider `local` does. */
function drawingOf(asset: Asset, assets: ReadonlyMap<string, Asset>): Drawing {
  const { operation, prompt, size, background, inputs } = asset
  const { width, height } = parseSize(size) ?? { width: 1024, height: 1024 }
  const variant = operation === 'variation' ? 1 : 0
  const drawing = { prompt, width, height, transparent: background === 'transparent', variant }
  const input = inputs.find(({ role, kind }) => role === 'image' && kind === 'asset')
  const base = operation === 'variation' ? undefined : assets.get(input?.target ?? '')
  return base === undefined || base.source !== null
    ? drawing
    : { ...drawing, base: drawingOf(base, assets) }
}

const emptyDisk: Inventory = {
  mastersFolder: 'images',
  masters: new Map(),
  links: new Set(),
  sources: new Map(),
  cached: new Set(),
  out: null,
  written: new Set(),
  ownDigests: new Map(),
  journal: new Map(),
  inBatch: new Map(),
  linked: new Map(),
  shelf: new Map(),
}

/** Returns a failure of the planner itself as a diagnostic at the start of the manifest. */
export function failureOf(message: string, hint: string): Diagnostic {
  return {
    code: 'plan/playground',
    severity: 'error',
    message,
    hint,
    place: { file: MANIFEST, line: 1, column: 1, length: 1 },
  }
}
