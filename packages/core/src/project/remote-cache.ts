import type { Manifest } from '../manifest/manifest.ts'
import { readPicture } from '../remote/find-answer.ts'
import { pictureKey } from '../remote/keys.ts'
import { listObjects } from '../remote/list-objects.ts'
import { mapAtOnce } from '../remote/map-at-once.ts'
import { openStore } from '../remote/open-store.ts'
import { storeTime } from '../remote/probe.ts'
import type { RemoteStore } from '../remote/remote-store.ts'
import { storeAnswer } from '../remote/store-answer.ts'
import { findGarbage } from '../remote/sweep-store.ts'
import { deleteBadObjects, verifyStore } from '../remote/verify-store.ts'
import { removeUnsent } from '../store/unsent.ts'
import type { ProjectContext } from './context.ts'
import { downloadMasters } from './download-masters.ts'
import { requireRemote } from './named-remote.ts'
import type {
  PullResult,
  PushResult,
  RemoteCacheOptions,
  StoreStatus,
  SweepOptions,
  SweepResult,
  VerifyOptions,
  VerifyResult,
} from './remote-cache-types.ts'
import { runAsWriter, stopSignal } from './run-as-writer.ts'
import { answerOf, mastersOf } from './stored-masters.ts'

/** Pictures that are uploaded or downloaded at the same time. */
const CONCURRENCY = 4

/**
 * Uploads the masters of the lockfile and their candidates, except for what the store has.
 *
 * @throws ManifestError; LimnError `remote/…`, `aborted`
 */
export async function push(
  context: ProjectContext,
  { signal }: RemoteCacheOptions,
): Promise<PushResult> {
  const snapshot = await context.read()
  const store = await openRemoteStore(context, snapshot.manifest)
  const { paths } = context
  const skipped: string[] = []
  let uploaded = 0
  let masters = 0
  await mapAtOnce(mastersOf(snapshot), CONCURRENCY, async ([asset, entry]) => {
    const answer = answerOf([asset, entry], { paths, inventory: snapshot.inventory })
    if (answer === undefined) {
      skipped.push(asset)
      return
    }
    const count = await storeAnswer(answer, { store, signal })
    await removeUnsent(paths, entry.master.sha256)
    uploaded += count
    masters++
  })
  return { store: store.name, uploaded, masters, skipped: skipped.sort() }
}

/**
 * Downloads the masters that the lockfile names and this machine does not have.
 *
 * @throws ManifestError; LimnError `remote/…`, `store/…`, `aborted`
 */
export async function pull(
  context: ProjectContext,
  { signal }: RemoteCacheOptions,
): Promise<PullResult> {
  const store = await openRemoteStore(context, (await context.read()).manifest)
  return runAsWriter(context, { signal }, async (session) => {
    const stop = stopSignal(session, signal)
    const snapshot = await context.read()
    const damaged: string[] = []
    const onDamaged = (key: string): void => void damaged.push(key)
    const result = await downloadMasters(mastersOf(snapshot), {
      paths: context.paths,
      digests: snapshot.digests,
      read: (master) => readPicture(master, { store, onDamaged, signal: stop }),
    })
    return { store: store.name, ...result, damaged: damaged.sort() }
  })
}

/** Measures a store. @throws ManifestError; LimnError `remote/…`, `aborted` */
export async function stat(
  context: ProjectContext,
  { signal }: RemoteCacheOptions,
): Promise<StoreStatus> {
  const snapshot = await context.read()
  const store = await openRemoteStore(context, snapshot.manifest)
  const digests = mastersOf(snapshot).map(([, { master }]) => master.sha256)
  if (!store.canList) {
    const heads = await mapAtOnce(digests, 2 * CONCURRENCY, (digest) =>
      store.head(pictureKey(digest), { signal }),
    )
    const stored = heads.filter((object) => object !== undefined).length
    return { store: store.name, contents: null, masters: { total: digests.length, stored } }
  }
  const { pictures, receipts, claims } = await listObjects(store, { signal })
  return {
    store: store.name,
    contents: {
      pictures: pictures.size,
      bytes: [...pictures.values()].reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
      answers: receipts.length,
      claims: claims.length,
    },
    masters: {
      total: digests.length,
      stored: digests.filter((digest) => pictures.has(digest)).length,
    },
  }
}

/**
 * Removes what a store no longer needs. Never removes what the lockfile of this project names.
 *
 * @throws ManifestError; LimnError `remote/…`, `aborted`
 */
export async function gc(
  context: ProjectContext,
  { olderThan, dryRun = false, signal }: SweepOptions,
): Promise<SweepResult> {
  const snapshot = await context.read()
  const store = await openRemoteStore(context, snapshot.manifest)
  const kept = new Set([...snapshot.lock.assets.values()].map(({ master }) => master.sha256))
  const now = await storeTime(store, { signal })
  const garbage = await findGarbage(store, { olderThan, kept, now, signal })
  if (!dryRun) for (const { key } of garbage) await store.delete(key, { signal })
  const bytes = garbage.reduce((sum, object) => sum + (object.bytes ?? 0), 0)
  return { store: store.name, keys: garbage.map(({ key }) => key), bytes }
}

/**
 * Reads every object of a store, and reports those that Limn does not use.
 *
 * @throws ManifestError; LimnError `remote/…`, `aborted`
 */
export async function verify(
  context: ProjectContext,
  { isDeleting = false, signal }: VerifyOptions,
): Promise<VerifyResult> {
  const { manifest } = await context.read()
  const store = await openRemoteStore(context, manifest)
  const { checked, bad } = await verifyStore(store, { signal })
  const deleted = isDeleting ? await deleteBadObjects(store, bad, { signal }) : []
  return { store: store.name, checked, bad, deleted }
}

async function openRemoteStore(
  { access, env, paths }: ProjectContext,
  manifest: Pick<Manifest, 'remote'>,
): Promise<RemoteStore> {
  return openStore(requireRemote(manifest, env), { access, root: paths.root })
}
