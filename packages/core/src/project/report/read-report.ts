import {
  type AssetView,
  type Calls,
  pathOfPicture,
  type Report,
  type Sheet,
} from '@limn/contact-sheet'
import { type ErrorCode, LimnError } from '../../errors.ts'
import { openWholeHistory } from '../../store/committed-pictures.ts'
import { isProblem } from '../check.ts'
import { createOutputService } from '../output-service.ts'
import type { PlannedSnapshot, Project } from '../project.ts'
import type { SheetHost } from '../sheet/host.ts'
import { createSheetSession, type SheetSession } from '../sheet/session.ts'
import { embedPictures, type Embedded } from './embed-pictures.ts'

export type ReportOptions = {
  /** Whether the report has only what differs from `base`, and what is not up to date. */
  onlyChanged?: boolean | undefined
  /** A branch, tag or commit. Default `HEAD`. */
  base?: string | undefined
  /** Most bytes of the report's data and pictures. */
  maxBytes: number
  /** Receives how many pictures were read. */
  onProgress?: ((done: number, total: number) => void) | undefined
  signal?: AbortSignal | undefined
}

/** The data of a report, and what it has room for. */
export type ReadReport = {
  report: Report
  embedded: Embedded
  /** Number of assets that open with all that is known of them. */
  views: number
}

/** The share of the bytes that the views of assets may take. */
const VIEWS_SHARE = 0.25

/**
 * Reads everything that a report shows. Writes only the cache, and requests nothing.
 *
 * @throws ManifestError, LimnError
 */
export async function readReport(project: Project, options: ReportOptions): Promise<ReadReport> {
  const read = await project.planWithSnapshot()
  const service = createOutputService(project.paths)
  const history = openWholeHistory(project.paths)
  const session = createSheetSession(createHost(project, { read, service, history }))
  try {
    return await readFrom(session, { project, read }, options)
  } finally {
    await session.close()
    history.close()
    await service.close()
  }
}

type ReportSource = { project: Project; read: PlannedSnapshot }

async function readFrom(
  session: SheetSession,
  source: ReportSource,
  options: ReportOptions,
): Promise<ReadReport> {
  const { maxBytes, signal } = options
  const whole = await requireCall(session, 'sheet', {})
  const names = options.onlyChanged === true ? await changedNames(source, options) : null
  const assets = names === null ? whole.assets : whole.assets.filter(({ name }) => names.has(name))
  const sheet: Sheet = { ...whole, assets, canAct: false }
  const costs = await call(session, 'costs', {})
  const room = maxBytes - lengthOf(sheet) - lengthOf(costs)
  const views = await readViews(session, { sheet, maxBytes: room * VIEWS_SHARE, signal })
  const embedded = await embedPictures(session, {
    sheet,
    views,
    maxBytes: room - lengthOf(views),
    onProgress: options.onProgress,
    signal,
  })
  const at = new Date().toISOString()
  const { pictures } = embedded
  const report: Report = { sheet, views: withSeen(views, pictures), costs, pictures, at }
  return { report, embedded, views: Object.keys(views).length }
}

/** A host that only reads. */
function createHost(
  project: Project,
  {
    read,
    service,
    history,
  }: Pick<SheetHost, 'history'> & {
    read: PlannedSnapshot
    service: ReturnType<typeof createOutputService>
  },
): SheetHost {
  const refuse = (): Promise<never> =>
    Promise.reject(new LimnError('usage', 'A report spends nothing.'))
  return {
    project,
    read: () => Promise.resolve(read),
    loadOutputService: () => Promise.resolve(service),
    history,
    spending: { leftUsd: () => null, hint: 'Use `limn ui`.', spend: refuse },
    onBug(error) {
      throw error
    },
  }
}

/** Returns the assets that differ from a commit, or that are not up to date. */
async function changedNames(
  { project, read: { plan, snapshot } }: ReportSource,
  { base = 'HEAD', signal }: ReportOptions,
): Promise<Set<string>> {
  const { comparison } = await project.compare({ base, signal })
  const steps = plan.steps.filter((step) => isProblem(step, snapshot.manifest.out === null))
  return new Set([...comparison.assets.map(({ name }) => name), ...steps.map(({ asset }) => asset)])
}

/** Reads the views of as many assets as there is room for: first those that are not up to date. */
async function readViews(
  session: SheetSession,
  { sheet, maxBytes, signal }: { sheet: Sheet; maxBytes: number; signal?: AbortSignal | undefined },
): Promise<Record<string, AssetView>> {
  const views: [string, AssetView][] = []
  let left = maxBytes
  for (const { name } of byNeed(sheet)) {
    signal?.throwIfAborted()
    // Without a view, the report shows of an asset what the grid shows.
    const view = await call(session, 'asset', { name })
    if (view === null) continue
    left -= lengthOf(view)
    if (left < 0) break
    views.push([name, view])
  }
  return Object.fromEntries(views)
}

/** Leaves out earlier pictures that the report does not contain. */
function withSeen(
  views: Readonly<Record<string, AssetView>>,
  pictures: Readonly<Record<string, string>>,
): Record<string, AssetView> {
  const isSeen = (asset: string, id: string): boolean =>
    Object.hasOwn(pictures, pathOfPicture({ kind: 'earlier', asset, id }))
  return Object.fromEntries(
    Object.entries(views).map(([name, view]) => {
      const earlier = view.earlier.filter(({ id }) => isSeen(name, id))
      return [name, { ...view, earlier }]
    }),
  )
}

/** The assets of a sheet, those that are not up to date first. */
function byNeed({ assets }: Sheet): Sheet['assets'] {
  const rank = ({ need }: Sheet['assets'][number]): number => (need === 'nothing' ? 1 : 0)
  return assets.toSorted((a, b) => rank(a) - rank(b))
}

/** Calls the session as the page does; `null` if it cannot. */
async function call<Name extends keyof Calls>(
  session: SheetSession,
  name: Name,
  input: Calls[Name]['input'],
): Promise<Calls[Name]['output'] | null> {
  const reply = await session.receive({ id: 0, call: name, input })
  return reply !== undefined && 'output' in reply ? (reply.output as Calls[Name]['output']) : null
}

async function requireCall<Name extends keyof Calls>(
  session: SheetSession,
  name: Name,
  input: Calls[Name]['input'],
): Promise<Calls[Name]['output']> {
  const reply = await session.receive({ id: 0, call: name, input })
  if (reply !== undefined && 'output' in reply) return reply.output as Calls[Name]['output']
  const { code, message, hint } = reply!.error
  if (code === 'bug') throw new Error(message)
  throw new LimnError(code as ErrorCode, message, { hint })
}

/** Bytes of a value in the report. */
function lengthOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
