import { relative, sep } from 'node:path'
import { formatPlace } from '../diagnostic.ts'
import { decodeText } from '../disk/decode-text.ts'
import { readIfExists } from '../disk/read-errors.ts'
import { maxBytes, readNamed } from '../disk/read-inside.ts'
import { LimnError } from '../errors.ts'
import { parseManifest } from '../manifest/parse/parse.ts'
import { readText } from '../manifest/read-text.ts'
import {
  formatGrant,
  type Grant,
  grantFor,
  needsConsent,
  parseGrant,
  parseGrants,
} from '../models/consent.ts'
import { servers } from '../models/servers.ts'
import type { KeyAccess, NamedCommand, NamedUse } from '../providers/key-access.ts'
import { toOneLine } from '../safe-text.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { readGrants, writeGrants } from '../store/trust-file.ts'
import type { ProjectContext } from './context.ts'
import type { TrustQuestion } from './options.ts'
import { quoteForShell } from './quote-for-shell.ts'

/** A grant of the project, and where it comes from. */
export type ListedGrant = { grant: string; from: 'user' | 'LIMN_TRUST' }

/** The parts of an open project that decide about trust. */
type TrustContext = Pick<
  ProjectContext,
  'cwd' | 'paths' | 'env' | 'envFiles' | 'trustFile' | 'askForTrust' | 'commandOptions'
>

/**
 * Creates the guard of a project's keys and programs. It asks about each use at most once, and
 * stores a yes.
 */
export function createTrustGuard(context: TrustContext): KeyAccess['requireConsent'] {
  const answerByGrant = new Map<string, Promise<boolean>>()
  return async (use) => {
    if (isChosenByOwner(use, context) || isGranted(use, context)) return
    const grant = grantFor(use)
    const error = missingConsent(use, grant, context)
    const key = formatGrant(grant)
    const answer = answerByGrant.get(key) ?? ask(grant, error, context)
    answerByGrant.set(key, answer)
    if (!(await answer)) throw error
  }
}

/**
 * Returns whether the owner of OPENAI_API_KEY chose its server: by OPENAI_BASE_URL in the process's
 * own environment, or in the same file as the key. A URL of another file may come from the
 * repository. The owner chose the remote store if LIMN_REMOTE of the process names it.
 */
export function isChosenByOwner(use: NamedUse, { envFiles }: TrustContext): boolean {
  if (use.kind === 'config' || use.kind === 'command') return false
  if (use.namedBy === 'manifest' || use.namedBy === 'remote') return false
  if (use.kind === 'remote' || use.provider === null) return envFiles['LIMN_REMOTE'] === undefined
  if (use.variable !== servers.openai.key) return false
  const file = envFiles['OPENAI_BASE_URL']
  return file === undefined || file === envFiles[use.variable]
}

/** Returns whether a use needs no consent beyond these grants, or those of the project. */
export function isGranted(use: NamedUse, grants: readonly Grant[] | TrustContext): boolean {
  return !needsConsent(use, 'env' in grants ? allGrants(grants) : grants)
}

/** Lists the grants of a project: those of the user's file, then those of LIMN_TRUST. */
export function listGrants(context: TrustContext): ListedGrant[] {
  return [
    ...storedGrants(context).map((grant) => ({ grant: formatGrant(grant), from: 'user' as const })),
    ...grantsOfEnvironment(context).map((grant) => ({
      grant: formatGrant(grant),
      from: 'LIMN_TRUST' as const,
    })),
  ]
}

/** Stores grants. @throws LimnError `usage` if one is malformed, `store/…` */
export async function addGrants(
  context: TrustContext,
  texts: readonly string[],
): Promise<string[]> {
  const added = texts.map(requireGrant)
  await writeGrants(requireTrustFile(context), context.paths.root, [
    ...storedGrants(context),
    ...added,
  ])
  return added.map(formatGrant)
}

/**
 * Removes grants.
 *
 * @returns those that were removed
 * @throws LimnError `usage` if one is malformed, `store/…`
 */
export async function removeGrants(
  context: TrustContext,
  texts: readonly string[],
): Promise<string[]> {
  const unwanted = new Set(texts.map((text) => formatGrant(requireGrant(text))))
  const stored = storedGrants(context)
  const isUnwanted = (grant: Grant): boolean => unwanted.has(formatGrant(grant))
  await writeGrants(
    requireTrustFile(context),
    context.paths.root,
    stored.filter((grant) => !isUnwanted(grant)),
  )
  return stored.filter(isUnwanted).map(formatGrant)
}

async function ask(grant: Grant, error: LimnError, context: TrustContext): Promise<boolean> {
  const message =
    error.location === undefined ? error.message : `${error.location}: ${error.message}`
  const question: TrustQuestion = { grant: formatGrant(grant), message }
  if ((await context.askForTrust?.(question)) !== true) return false
  await addGrants(context, [question.grant])
  return true
}

function allGrants(context: TrustContext): Grant[] {
  return [...grantsOfEnvironment(context), ...storedGrants(context)]
}

function grantsOfEnvironment({ env }: TrustContext): Grant[] {
  return parseGrants(env['LIMN_TRUST'] ?? '')
}

function storedGrants(context: TrustContext): Grant[] {
  const file = trustFileOutside(context)
  return file === undefined ? [] : readGrants(file, context.paths.root)
}

function requireTrustFile(context: TrustContext): string {
  const file = trustFileOutside(context)
  if (file !== undefined) return file
  throw new LimnError(
    'store/failed',
    'There is no config folder of the user outside the project.',
    { hint: 'Set HOME or XDG_CONFIG_HOME, or set LIMN_TRUST instead.' },
  )
}

/** Returns the user's file of grants unless it is in the project: a repository may contain it. */
function trustFileOutside({ trustFile, paths }: TrustContext): string | undefined {
  const isInside = trustFile?.startsWith(`${paths.root}${sep}`) === true
  return isInside ? undefined : trustFile
}

function requireGrant(text: string): Grant {
  const grant = parseGrant(text)
  if (grant !== undefined) return grant
  throw new LimnError(
    'usage',
    `"${text}" is neither VARIABLE@host nor remote@URL nor command@DIGEST nor limn.config.ts.`,
    {
      hint: text.startsWith('command@')
        ? 'Run `limn trust`, and copy the whole `command@…` with its 64 digits.'
        : 'Name one variable and one host, such as RELAY_API_KEY@relay.example.com.',
    },
  )
}

/** Creates the error for a use that the user has not agreed to. */
function missingConsent(use: NamedUse, grant: Grant, context: TrustContext): LimnError {
  const named = quoteForShell(formatGrant(grant))
  const command = `limn trust grant ${named}${commandOptions(context)}`
  const hint = `Run \`${command}\` if you trust it; in CI, set LIMN_TRUST=${named}.`
  if (use.kind === 'config') {
    return new LimnError(
      'config/not-trusted',
      `${use.file} is a program of this project, and you have not agreed to run it.`,
      { hint, location: locateUse(use, context) },
    )
  }
  if (use.kind === 'command') {
    return new LimnError('command/not-trusted', describeCommand(use), {
      hint,
      location: locateUse(use, context),
    })
  }
  if (use.kind === 'remote') {
    return new LimnError(
      'remote/no-consent',
      `The project would use the remote store ${use.target}, which receives prompts and pictures, and you have not agreed to that.`,
      {
        hint: `${hint} To work without the store, set LIMN_REMOTE=off.`,
        location: locateUse(use, context),
      },
    )
  }
  const { host } = new URL(use.url)
  return use.provider === null
    ? new LimnError(
        'remote/no-consent',
        `The remote store at ${host} would receive ${use.variable}, and you have not agreed to that.`,
        { hint, location: locateUse(use, context) },
      )
    : new LimnError(
        'provider/no-consent',
        `The provider "${use.provider}" would send ${use.variable} to ${host}, and you have not agreed to that.`,
        { hint, location: locateUse(use, context) },
      )
}

/** Says which command line would be run, and which variables it would receive. */
function describeCommand({ provider, line, variables }: NamedCommand): string {
  const shown = toOneLine(line.map(quoteForShell).join(' '))
  const received = variables.length === 0 ? '' : ` with ${variables.join(', ')}`
  return `The provider "${provider}" would run \`${shown}\`${received} on this machine, and you have not agreed to that.`
}

/** Returns the options that a command for this project needs, after a space. */
function commandOptions({ cwd, paths, commandOptions: given }: TrustContext): string {
  const path = relative(cwd, paths.manifest)
  const options = given ?? (path === 'images.yaml' ? [] : ['-m', path])
  return options.map((option) => ` ${quoteForShell(option)}`).join('')
}

/** Returns the place that names the host or the program, as `file:line:column`. */
export function locateUse(use: NamedUse, context: TrustContext): string {
  return use.kind === 'config' ? `${use.file}:1` : placeOfHost(use, context)
}

function placeOfHost(
  use: Exclude<NamedUse, { kind: 'config' }>,
  { cwd, paths, envFiles }: TrustContext,
): string {
  if (use.kind === 'command') return placeInManifest(['providers', use.provider, 'command'], paths)
  const { namedBy } = use
  const variable = namedBy === 'LIMN_REMOTE' ? namedBy : 'OPENAI_BASE_URL'
  const file = envFiles[variable]
  if (namedBy === 'manifest' || namedBy === 'remote' || file === undefined) {
    return placeInManifest(keyOfHost(use), paths)
  }
  const text = readIfExists(file, () => decodeText(readNamed(file, maxBytes.text)))
  const assignment = new RegExp(String.raw`^\s*(export\s+)?${variable}\s*=`)
  const line = text?.split('\n').findLastIndex((each) => assignment.test(each)) ?? 0
  return `${relative(cwd, file)}:${Math.max(1, line + 1)}`
}

function placeInManifest(key: string[], { manifest, shownManifest }: ProjectPaths): string {
  const { placeOf } = parseManifest(readText(manifest, shownManifest), shownManifest)
  return formatPlace(placeOf(key))
}

/** Returns the key of the manifest that names the host of a use, or at least its provider. */
function keyOfHost(use: Exclude<NamedUse, { kind: 'config' | 'command' }>): string[] {
  if (use.kind === 'remote' || use.provider === null) return ['remote', 'url']
  return ['providers', use.provider, use.namedBy === 'manifest' ? 'baseURL' : 'key']
}
