import { LimnError } from '../errors.ts'
import type { Manifest, RemoteSettings } from '../manifest/manifest.ts'
import type { Plan, Step } from '../plan/plan.ts'
import type { ProviderEnvironment } from '../providers/environment.ts'
import type { NamedRemote } from '../remote/open-store.ts'
import type { ProjectContext } from './context.ts'

/** The value of LIMN_REMOTE that turns the store of the manifest off. */
const OFF = 'off'

/** Returns the remote store of a project: the one in LIMN_REMOTE, else the manifest's. */
export function namedRemote(
  { remote }: Pick<Manifest, 'remote'>,
  { LIMN_REMOTE: url = '', LIMN_REMOTE_REQUIRED: flag = '' }: ProviderEnvironment,
): NamedRemote | undefined {
  if (url === OFF) return undefined
  const required = flag === '' ? remote?.required === true : flag !== '0' && flag !== 'false'
  if (url !== '') {
    return { settings: { ...parseVariable(url), required }, namedBy: 'LIMN_REMOTE' }
  }
  return remote === null ? undefined : { settings: { ...remote, required }, namedBy: 'remote' }
}

/** Returns the remote store of a project. @throws LimnError `remote/invalid` if there is none */
export function requireRemote(
  manifest: Pick<Manifest, 'remote'>,
  env: ProviderEnvironment,
): NamedRemote {
  const remote = namedRemote(manifest, env)
  if (remote !== undefined) return remote
  throw new LimnError('remote/invalid', 'This project has no remote store.', {
    hint: 'Add `remote: { url: … }` to the manifest, or set LIMN_REMOTE; see docs/remote.md.',
  })
}

/** A step that requests a picture. */
export type LookedUpStep = Extract<Step, { kind: 'generate' }>

/**
 * Whether the picture of a step may be in the remote store: its request is known before the run,
 * and a forced picture is requested whatever exists.
 */
export function isLookedUp(step: Step): step is LookedUpStep {
  if (step.kind !== 'generate' || step.reasons.some(({ code }) => code === 'forced')) return false
  return step.request.inputs?.some(({ sha256 }) => sha256 === null) !== true
}

/**
 * Returns the remote store of a project that uses a queue.
 *
 * @throws LimnError `queue/no-store` if there is none
 */
export function requireQueueStore(
  manifest: Pick<Manifest, 'remote'>,
  { env }: Pick<ProjectContext, 'env'>,
): NamedRemote {
  const remote = namedRemote(manifest, env)
  if (remote !== undefined) return remote
  throw new LimnError('queue/no-store', 'A queue needs a remote store for its pictures.', {
    hint: 'Set `remote` in the manifest, or LIMN_REMOTE, to a store that coordinator and workers share.',
  })
}

/** Parses `s3://bucket/prefix?endpoint=https://…&region=…`, or another address. */
function parseVariable(text: string): Omit<RemoteSettings, 'required'> {
  const [url = '', query = ''] = text.startsWith('s3:') ? text.split('?', 2) : [text]
  const parameters = new URLSearchParams(query)
  const [endpoint, region] = ['endpoint', 'region'].map((name) => parameters.get(name))
  return { url, endpoint: endpoint ?? null, region: region ?? null, pathStyle: null }
}

/**
 * Returns whether a plan needs the remote store: whether there is one, and it requests pictures,
 * recovers some that no run may have uploaded, such as those of a batch, or masters are still to be
 * downloaded.
 */
export function needsRemote(
  plan: Plan,
  manifest: Pick<Manifest, 'remote' | 'masters' | 'providers'>,
  { env }: Pick<ProjectContext, 'env'>,
): boolean {
  if (namedRemote(manifest, env) === undefined) return false
  const isUsed = manifest.masters === 'remote' || manifest.providers[0]?.server !== 'local'
  return isUsed && plan.steps.some((step) => kinds.has(step.kind) || isInRemoteStore(step))
}

/** The steps that end with a picture for the remote store. */
const kinds: ReadonlySet<Step['kind']> = new Set(['generate', 'recover'] as const)

/** Whether a step waits for a master that is only in the remote store. */
export function isInRemoteStore({ kind, reasons }: Step): boolean {
  return (
    (kind === 'keep' || kind === 'move') &&
    reasons.some((reason) => reason.code === 'not-downloaded' && reason.pointer === 'remote')
  )
}
