import { isAbsolute, join, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { LimnError } from '../errors.ts'
import type { RemoteSettings } from '../manifest/manifest.ts'
import { parseRemoteAddress, type RemoteAddress } from '../models/remote-address.ts'
import type { KeyAccess, RemoteNamedBy } from '../providers/key-access.ts'
import { withTimeouts } from './limits.ts'
import type { RemoteStore } from './remote-store.ts'

/** The variable with the token of a web server. */
const TOKEN_VARIABLE = 'LIMN_REMOTE_TOKEN'

/** A remote store to open. */
export type NamedRemote = { settings: RemoteSettings; namedBy: RemoteNamedBy }

type OpenOptions = {
  access: KeyAccess
  /** Folder of the manifest, absolute. */
  root: string
}

/**
 * Opens a remote store, once the user has agreed to it.
 *
 * @throws LimnError `remote/invalid`, `remote/no-consent`
 */
export async function openStore(
  remote: NamedRemote,
  { access, root }: OpenOptions,
): Promise<RemoteStore> {
  const address = requireAddress(remote)
  await requireRemoteConsent(remote, { access, root })
  return withTimeouts(await createStore(address, remote.settings, { access, root }))
}

/**
 * Asks for what using a remote store requires.
 *
 * @throws LimnError `remote/invalid`, `remote/no-consent`
 */
export async function requireRemoteConsent(
  { settings, namedBy }: NamedRemote,
  { access, root }: OpenOptions,
): Promise<void> {
  const address = requireAddress({ settings, namedBy })
  // A folder of the project is part of what the user works with already.
  if (address.kind === 'folder' && isInside(folderOf(address, root), root)) return
  const target = targetOf(address, settings, root)
  await access.requireConsent({ kind: 'remote', target, namedBy })
  if (address.kind !== 'http' || (access.env[TOKEN_VARIABLE] ?? '') === '') return
  const key = { kind: 'key', variable: TOKEN_VARIABLE, url: address.url } as const
  await access.requireConsent({ ...key, provider: null, namedBy })
}

function requireAddress({ settings: { url, endpoint }, namedBy }: NamedRemote): RemoteAddress {
  const parsed = parseRemoteAddress(url)
  if ('address' in parsed && (endpoint === null || isWebServer(endpoint))) return parsed.address
  const name = namedBy === 'LIMN_REMOTE' ? namedBy : 'The `url` of the remote store'
  throw new LimnError(
    'remote/invalid',
    `${name} ${'problem' in parsed ? parsed.problem : 'has an endpoint that is no URL of a web server'}.`,
    {
      hint: 'Write it like s3://bucket/prefix, https://cache.example.com/limn, or as the path of a folder.',
    },
  )
}

function isWebServer(endpoint: string): boolean {
  const parsed = parseRemoteAddress(endpoint)
  return 'address' in parsed && parsed.address.kind === 'http'
}

/** Returns what the user agrees to: a bucket, a base URL, or a folder. */
function targetOf(address: RemoteAddress, { endpoint }: RemoteSettings, root: string): string {
  switch (address.kind) {
    case 'folder':
      return escapeTarget(pathToFileURL(folderOf(address, root)).href)
    case 'http':
      return escapeTarget(address.url)
    case 's3':
      return endpoint === null
        ? `s3://${address.bucket}`
        : `${new URL(endpoint).origin}/${address.bucket}`
  }
}

/** Spells a URL as a grant has it: without what separates grants or looks like a wildcard. */
function escapeTarget(url: string): string {
  return url.replaceAll(',', '%2C').replaceAll('*', '%2A').replace(/\/+$/, '')
}

function folderOf({ path }: { path: string }, root: string): string {
  return isAbsolute(path) ? resolve(path) : join(root, path)
}

function isInside(folder: string, root: string): boolean {
  return folder.startsWith(root + sep)
}

async function createStore(
  address: RemoteAddress,
  { endpoint, region, pathStyle }: RemoteSettings,
  { access: { env }, root }: OpenOptions,
): Promise<RemoteStore> {
  switch (address.kind) {
    case 'folder': {
      const { createFolderStore } = await import('./folder-store.ts')
      const folder = folderOf(address, root)
      // A link in the project must not lead the store to another place.
      return isInside(folder, root)
        ? createFolderStore({ folder, root, isCreated: true })
        : createFolderStore({ folder, root: folder, isCreated: false })
    }
    case 'http': {
      const { createHttpStore } = await import('./http-store.ts')
      return createHttpStore({ baseURL: address.url, token: env[TOKEN_VARIABLE] ?? '', env })
    }
    case 's3': {
      const { createS3Store } = await import('./s3-store.ts')
      const { bucket, prefix } = address
      return createS3Store({ bucket, prefix, endpoint, region, pathStyle, env })
    }
  }
}
