import { LimnError } from '../../errors.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import type { ProviderSettings } from '../../manifest/resolve/providers.ts'
import { findModel, modelById } from '../../models/models.ts'
import { OPENAI_URL } from '../../models/servers.ts'
import { loadImageModels } from '../../providers/ai-sdk/load-config.ts'
import { baseURLOf } from '../../providers/create-provider.ts'
import { whyNoBaseURL } from '../../providers/environment.ts'
import { whyNoKey } from '../../providers/openai/openai.ts'
import type { ReadEnvironment } from '../environment.ts'
import { fail, type Finding, ok, unknown, warn } from './finding.ts'
import { listModels, type ModelsAnswer, type ServedModel } from './models-list.ts'

export type ProviderExam = {
  settings: ProviderSettings
  manifest: Manifest
  environment: ReadEnvironment
  /** Folder of the manifest, absolute. */
  root: string
  /** Unix time, ms. */
  now: () => number
  /** A path as messages name it. */
  shown: (path: string) => string
  signal: AbortSignal
}

/** A clock further off than this makes signatures and dates wrong, ms. */
const MOST_SKEW = 5 * 60_000
/** A shutdown is told so long before it, days. */
const SOON = 90
/** Names that can't be resolved: there is no network, rather than no server. */
const OFFLINE = ['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']

/** Key, server, models and clock of one provider. Asks nothing that costs money. */
export async function examineProvider(exam: ProviderExam): Promise<Finding[]> {
  const { settings, environment } = exam
  if (settings.server === 'local') return [ok('server', 'embedded: needs no key and no network')]
  if (settings.server === 'ai-sdk') return examineConfig(exam)
  const apiKey = environment.env[settings.key] ?? ''
  const baseURL = baseURLOf(settings, environment.env) ?? OPENAI_URL
  const reason = whyNoBaseURL(baseURL)
  if (reason !== undefined) {
    return [
      examineKey(exam, apiKey),
      fail(
        'server',
        `the base URL ${reason}`,
        'Write it as https://images.example.com/v1; a key stands in the variable that `key` names.',
      ),
    ]
  }
  // What can't be sent as a key is not sent: what stands in the way would be told with the key in it.
  if (whyNoKey(apiKey) !== undefined) return [examineKey(exam, apiKey)]
  const answer = await listModels({ settings, baseURL, apiKey, signal: exam.signal })
  return [
    examineKey(exam, apiKey),
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
  const reason = whyNoKey(apiKey)
  if (reason !== undefined) {
    return fail('key', `${key} ${reason}`, 'Copy the key anew, without anything around it.')
  }
  if (apiKey !== '') {
    return ok(
      'key',
      `${key}, from ${files[key] === undefined ? 'the environment' : shown(files[key])}`,
    )
  }
  if (isKeyOptional) return ok('key', `none: ${key} is not set, and the server may need none`)
  return fail('key', `${key} is not set`, `Set ${key}, or write it to .env beside the manifest.`)
}

function examineServer(
  answer: ModelsAnswer,
  { baseURL, key, hasKey }: { baseURL: string; key: string; hasKey: boolean },
): Finding {
  if (answer.kind === 'listed') return ok('server', `${baseURL} answers`)
  if (answer.kind === 'unreached') {
    if (OFFLINE.includes(answer.code)) {
      return warn(
        'server',
        `${baseURL} can't be reached (${answer.code}): this machine seems to be offline`,
        'Look again with a network, or check the base URL.',
      )
    }
    return fail(
      'server',
      `${baseURL} can't be reached (${answer.code})`,
      'Start the server, or check the base URL and what stands between.',
    )
  }
  // That it wants a key is told beside.
  if (!hasKey && answer.status < 500) return ok('server', `${baseURL} answers`)
  const said = answer.text === '' ? '' : `: ${answer.text.replace(/\.$/, '')}`
  if (/must be verified/i.test(answer.text)) {
    return fail(
      'server',
      'your organisation must be verified',
      "Verify it in the organisation's settings at OpenAI; it takes up to 15 minutes to count.",
    )
  }
  if (answer.status === 401 || /api key/i.test(answer.text)) {
    return fail(
      'server',
      `${baseURL} does not accept the key${said}`,
      `Check ${key}, and that it belongs to this base URL.`,
    )
  }
  if (answer.status === 403) {
    return fail(
      'server',
      `${baseURL} refuses the key${said}`,
      "Check the key's permissions and the project it belongs to.",
    )
  }
  if (answer.status >= 500) {
    return fail('server', `${baseURL} fails (${answer.status})${said}`, 'Look again later.')
  }
  return warn(
    'server',
    `${baseURL} answers, and lists no models (${answer.status})`,
    'Check that the base URL ends as the server wants it, mostly with /v1.',
  )
}

/** All that it serves, as far as Limn knows what they can do. */
function examineList(answer: ModelsAnswer, { manifest, settings }: ProviderExam): Finding[] {
  if (answer.kind !== 'listed') return []
  const used = new Set(
    manifest.assets
      .filter(({ source }) => source === null)
      .map(({ model }) => settings.names[model] ?? model),
  )
  const known = answer.models
    .filter(({ id }) => modelById.has(id) || used.has(id))
    .map((model) => ({ ...model, isUsed: used.has(model.id) }))
  return [
    ok(
      'models',
      `${answer.models.length} listed${known.length === 0 ? '' : `, ${known.length} that draw and are known`}`,
      known,
    ),
  ]
}

/** The models that the manifest asks of it. */
function examineModels(
  answer: ModelsAnswer,
  { manifest, settings, environment, now }: ProviderExam,
): Finding[] {
  const wanted = [
    ...new Set(manifest.assets.filter(({ source }) => source === null).map(({ model }) => model)),
  ].sort()
  const listed =
    answer.kind === 'listed' ? new Map(answer.models.map((model) => [model.id, model])) : undefined
  const isOfficial =
    settings.server === 'openai' && baseURLOf(settings, environment.env) === undefined
  return wanted.map((id) => {
    const name = settings.names[id] ?? id
    const shown = name === id ? id : `${id}, here ${name}`
    const row = findModel(id, manifest.models)
    const found: ServedModel | undefined = listed?.get(name)
    const shutdown = found?.shutdown ?? (isOfficial ? row?.shutdown?.date : undefined)
    const days = shutdown === undefined ? Infinity : (Date.parse(shutdown) - now()) / 86_400_000
    const instead =
      row?.shutdown === undefined
        ? undefined
        : `Name ${row.shutdown.replacement} instead; pictures already made stay as they are.`
    if (days < 0) {
      return fail('model', `${shown}: shut down on ${shutdown}`, instead ?? 'Name another model.')
    }
    if (days < SOON) {
      return warn(
        'model',
        `${shown}: shuts down on ${shutdown}`,
        instead ?? 'Name another model in time.',
      )
    }
    if (listed === undefined) return unknown('model', `${shown}: not looked up`)
    if (found === undefined) {
      return warn(
        'model',
        `${shown}: not among the ${listed.size} models that are listed`,
        'Check the name; some servers list only a part.',
      )
    }
    return ok(
      'model',
      `${shown}: served${shutdown === undefined ? '' : ` until ${shutdown}`}${row === undefined ? ', though Limn does not know what it can do' : ''}`,
    )
  })
}

function examineClock(answer: ModelsAnswer, now: number): Finding[] {
  if (answer.kind === 'unreached' || answer.date === undefined) return []
  const skew = Math.abs(now - answer.date)
  const said =
    skew < 2000 ? 'agrees with the server' : `${Math.round(skew / 1000)} s from the server's`
  return [
    skew > MOST_SKEW ? warn('clock', said, 'Set the clock of this machine.') : ok('clock', said),
  ]
}

/** The models of limn.config.ts: loads it, as a run would. */
async function examineConfig({ root, manifest }: ProviderExam): Promise<Finding[]> {
  try {
    const { file, imageModels } = await loadImageModels(root)
    const names = Object.keys(imageModels)
    const missing = [
      ...new Set(manifest.assets.filter(({ source }) => source === null).map(({ model }) => model)),
    ].filter((model) => !names.includes(model))
    return [
      ok('config', `${file}: ${names.length === 0 ? 'no models' : names.join(', ')}`),
      ...missing.map((model) =>
        fail(
          'model',
          `${model}: not in ${file}`,
          'Add it below `imageModels`, or name another as `model`.',
        ),
      ),
    ]
  } catch (error) {
    if (error instanceof LimnError) {
      return [fail('config', error.message.replace(/\.$/, ''), error.hint)]
    }
    throw error
  }
}
