import { count } from '../../count.ts'
import { LimnError } from '../../errors.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import { findModel, modelById } from '../../models/models.ts'
import { OPENAI_URL } from '../../models/servers.ts'
import { findConfig } from '../../providers/ai-sdk/load-config.ts'
import { BASE_URL_HINT, baseURLOf, findBaseURLProblem } from '../../providers/environment.ts'
import { type KeyAccess, openServer, requireProviderConsent } from '../../providers/key-access.ts'
import {
  findKeyProblem,
  hintForMissingKey,
  MALFORMED_KEY_HINT,
} from '../../providers/openai/key.ts'
import type { Environment } from '../environment.ts'
import { fail, type Finding, ok, unknown, warn } from './finding.ts'
import { listModels, type ModelsAnswer } from './models-list.ts'
import { examineProxy } from './proxy.ts'
import { examineServer } from './server.ts'

type ProviderExam = {
  settings: ProviderSettings
  manifest: Manifest
  environment: Environment
  access: KeyAccess
  /** Folder of the manifest. Absolute. */
  root: string
  /** Current time, ms since 1970. */
  now: () => number
  /** Returns a path as messages show it. */
  shown: (path: string) => string
  signal: AbortSignal
}

/** Clock difference above which signatures and dates are wrong, ms. */
const MAX_SKEW_MS = 5 * 60_000
/** Days before a model's shutdown from which the doctor warns. */
const SHUTDOWN_WARNING_DAYS = 90
const DAY_MS = 86_400_000

/** Checks key, server, models and clock of one provider. Sends no request that costs money. */
export async function examineProvider(exam: ProviderExam): Promise<Finding[]> {
  const { settings, environment } = exam
  if (settings.server === 'local') return [ok('server', 'embedded: needs no key and no network')]
  if (settings.server === 'command') return examineCommand(exam)
  if (settings.server === 'ai-sdk') return examineConfig(exam)
  const apiKey = environment.env[settings.key] ?? ''
  const baseURL = baseURLOf(settings, environment.env) ?? OPENAI_URL
  const reason = findBaseURLProblem(baseURL)
  if (reason !== undefined) {
    return [examineKey(exam, apiKey), fail('server', `the base URL ${reason}`, BASE_URL_HINT)]
  }
  // An invalid key is not sent: the error message of `fetch` would contain it.
  if (findKeyProblem(apiKey) !== undefined) return [examineKey(exam, apiKey)]
  const refused = await findRefusal(() => openServer(settings, exam.access))
  if (refused !== undefined) return [fail('key', ...refused)]
  const answer = await listModels({
    settings,
    baseURL,
    apiKey,
    env: environment.env,
    signal: exam.signal,
  })
  return [
    examineKey(exam, apiKey),
    ...examineProxy(answer, { baseURL, env: environment.env }),
    examineServer(answer, { baseURL, key: settings.key, hasKey: apiKey !== '' }),
    ...examineList(answer, exam),
    ...examineModels(answer, exam),
    ...examineClock(answer, exam.now()),
  ]
}

function examineKey(
  { settings: { key, isKeyOptional }, environment: { files }, shown }: ProviderExam,
  apiKey: string,
): Finding {
  const reason = findKeyProblem(apiKey)
  if (reason !== undefined) {
    return fail('key', `${key} ${reason}`, MALFORMED_KEY_HINT)
  }
  if (apiKey !== '') {
    const file = files[key]
    return ok('key', `${key}, from ${file === undefined ? 'the environment' : shown(file)}`)
  }
  if (isKeyOptional) return ok('key', `none: ${key} is not set, and the server may need none`)
  return fail('key', `${key} is not set`, hintForMissingKey(key))
}

/** Lists the served models whose capabilities Limn knows or that the manifest uses. */
function examineList(answer: ModelsAnswer, { manifest, settings }: ProviderExam): Finding[] {
  if (answer.kind !== 'listed') return []
  const used = new Set(modelsUsed(manifest).map((id) => settings.names[id] ?? id))
  const known = answer.models
    .filter(({ id }) => modelById.has(id) || used.has(id))
    .map((model) => ({ ...model, isUsed: used.has(model.id) }))
  const total = `${answer.models.length} listed`
  const says = known.length === 0 ? total : `${total}, ${count(known.length, 'known image model')}`
  return [ok('models', says, known)]
}

/** Checks each model that the manifest uses. */
function examineModels(answer: ModelsAnswer, exam: ProviderExam): Finding[] {
  return modelsUsed(exam.manifest)
    .sort()
    .map((id) => examineModel(id, answer, exam))
}

function examineModel(
  id: string,
  answer: ModelsAnswer,
  { manifest, settings, environment, now }: ProviderExam,
): Finding {
  const name = settings.names[id] ?? id
  const shown = name === id ? id : `${id}, here ${name}`
  const row = findModel(id, manifest.models)
  const isOfficial =
    settings.server === 'openai' && baseURLOf(settings, environment.env) === undefined
  const served = answer.kind === 'listed' ? answer.models : undefined
  // Of two rows with the same id, the last one counts.
  const found = served?.findLast((model) => model.id === name)
  const shutdown = found?.shutdown ?? (isOfficial ? row?.shutdown?.date : undefined)
  const days = shutdown === undefined ? Infinity : (Date.parse(shutdown) - now()) / DAY_MS
  if (days < SHUTDOWN_WARNING_DAYS) {
    const hint =
      row?.shutdown === undefined
        ? 'Use another model.'
        : `Use ${row.shutdown.replacement} instead; existing pictures are kept.`
    return days < 0
      ? fail('model', `${shown}: shut down on ${shutdown}`, hint)
      : warn('model', `${shown}: shuts down on ${shutdown}`, hint)
  }
  if (served === undefined) return unknown('model', `${shown}: not checked`)
  if (found === undefined) {
    return warn(
      'model',
      `${shown}: not among the ${new Set(served.map((model) => model.id)).size} listed models`,
      'Check the name; some servers list only some of their models.',
    )
  }
  const until = shutdown === undefined ? '' : ` until ${shutdown}`
  const isUnknown = row === undefined ? '; Limn does not know its capabilities' : ''
  return ok('model', `${shown}: served${until}${isUnknown}`)
}

function examineClock(answer: ModelsAnswer, now: number): Finding[] {
  if (answer.kind === 'unreached' || answer.date === undefined) return []
  const skew = Math.abs(now - answer.date)
  const says =
    skew < 2000 ? 'matches the server' : `differs from the server's by ${Math.round(skew / 1000)} s`
  return [
    skew > MAX_SKEW_MS ? warn('clock', says, 'Set the clock of this machine.') : ok('clock', says),
  ]
}

/** Checks that limn.config.ts exists and may be run. Does not run it. */
async function examineConfig({ settings, access, root }: ProviderExam): Promise<Finding[]> {
  const refused = await findRefusal(() => requireProviderConsent(settings, { access, root }))
  if (refused !== undefined) return [fail('config', ...refused)]
  return [ok('config', `${findConfig(root).name}: trusted; its models are read when it is run`)]
}

/** Checks that the program of a command exists and may be run. Does not run it. */
async function examineCommand({ settings, access, root }: ProviderExam): Promise<Finding[]> {
  const refused = await findRefusal(() => requireProviderConsent(settings, { access, root }))
  if (refused !== undefined) return [fail('command', ...refused)]
  return [
    ok('command', `${settings.command!.line[0]}: found and trusted; the doctor does not run it`),
  ]
}

/** Returns message and hint of the error that an action fails with, if it does. */
async function findRefusal(
  action: () => Promise<unknown>,
): Promise<[says: string, hint: string | undefined] | undefined> {
  try {
    await action()
    return undefined
  } catch (error) {
    if (!(error instanceof LimnError)) throw error
    const place = error.location === undefined ? '' : `${error.location}: `
    return [`${place}${error.message.replace(/\.$/, '')}`, error.hint]
  }
}

/** Returns the models that the manifest requests pictures from, each once. */
function modelsUsed({ assets }: Manifest): string[] {
  return [...new Set(assets.filter(({ source }) => source === null).map(({ model }) => model))]
}
