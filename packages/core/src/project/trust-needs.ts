import { LimnError } from '../errors.ts'
import type { Manifest, ProviderSettings } from '../manifest/manifest.ts'
import { formatGrant, grantFor } from '../models/consent.ts'
import { type NamedUse, requireProviderConsent } from '../providers/key-access.ts'
import type { ProjectContext } from './context.ts'
import { namedRemote } from './named-remote.ts'
import { readOnlyManifest } from './read-only-manifest.ts'
import { isChosenByOwner, isGranted, locateUse } from './trust.ts'

/** What a project can't do without the user's consent. */
export type ListedNeed = {
  /** What `limn trust grant` takes. */
  grant: string
  isGranted: boolean
  /** What needs it, as `file:line:column`. */
  location: string
}

/**
 * Lists what the providers of the manifest need consent for, whether it was given or not. Sends
 * nothing, and asks nobody.
 *
 * @throws ManifestError, LimnError
 */
export async function listNeeds(context: ProjectContext): Promise<ListedNeed[]> {
  const manifest = await readOnlyManifest(context)
  const ofProviders = await Promise.all(manifest.providers.map((each) => usesOf(each, context)))
  const needs = [...ofProviders.flat(), ...(await usesOfRemote(manifest, context))]
    .filter((use) => !isChosenByOwner(use, context) && !isGranted(use, []))
    .map((use) => ({
      grant: formatGrant(grantFor(use)),
      isGranted: isGranted(use, context),
      location: locateUse(use, context),
    }))
  return [...new Map(needs.map((need) => [need.grant, need])).values()]
}

/** Collects the uses that the remote store would ask consent for. */
async function usesOfRemote(
  manifest: Manifest,
  { env, paths }: ProjectContext,
): Promise<NamedUse[]> {
  const remote = namedRemote(manifest, env)
  if (remote === undefined) return []
  const { requireRemoteConsent } = await import('../remote/open-store.ts')
  const uses: NamedUse[] = []
  const requireConsent = async (use: NamedUse): Promise<void> => void uses.push(use)
  await requireRemoteConsent(remote, { access: { env, requireConsent }, root: paths.root })
  return uses
}

/** Collects the uses that a request of a provider would ask consent for, as if its key were set. */
async function usesOf(
  settings: ProviderSettings,
  { env, paths }: ProjectContext,
): Promise<NamedUse[]> {
  const uses: NamedUse[] = []
  const withKey = settings.isKeyOptional ? env : { [settings.key]: 'not set', ...env }
  const requireConsent = async (use: NamedUse): Promise<void> => void uses.push(use)
  try {
    await requireProviderConsent(settings, {
      access: { env: withKey, requireConsent },
      root: paths.root,
    })
  } catch (error) {
    // There is no program to run.
    if (!(error instanceof LimnError)) throw error
  }
  return uses
}
