import { didYouMean } from '../../did-you-mean.ts'
import { modelById } from '../../models/models.ts'
import { hintForReservedField, OPENAI_URL, type Server, servers } from '../../models/servers.ts'
import type { ProviderFile } from '../manifest-file.ts'
import { findProfile } from '../resolve/profiles.ts'
import {
  builtInProviders,
  defaultModel,
  isBalanced,
  isMeantFor,
  namesOf,
  resolveProviders,
  variableOf,
} from '../resolve/providers.ts'
import { checkAddress } from './address-rules.ts'
import { checkCommand } from './command-rules.ts'
import { isRequested } from './is-requested.ts'
import type { Checked, Report } from './rule.ts'

/** Checks that providers are known, servers can be reached, and keys go where they belong. */
export function checkProviders(checked: Checked, report: Report): void {
  checkNames(checked, report)
  for (const [name, entry] of Object.entries(checked.file.providers ?? {})) {
    checkBuiltInName(name, report)
    checkAddress(name, entry, report)
    checkCommand(name, entry, report)
    checkKey({ name, entry, ...checked }, report)
    checkBody(name, entry, report)
    checkLikes(name, entry, report)
  }
  checkModelIsNamed(checked, report)
}

/** Checks the names of the providers. */
function checkNames({ file }: Checked, report: Report): void {
  const known = [...new Set([...builtInProviders, ...Object.keys(file.providers ?? {})])]
  const names = file.provider === undefined ? [] : namesOf(file)
  const list = isBalanced(file) ? ['provider', 'balance'] : ['provider']
  for (const [index, name] of names.entries()) {
    const path = typeof file.provider === 'string' ? list : [...list, index]
    if (!known.includes(name)) {
      report({
        code: 'unknown-provider',
        path,
        message: `There is no provider "${name}".`,
        hint:
          didYouMean(name, known) ??
          `Write one of ${known.join(', ')}, or define it below \`providers:\`.`,
      })
    }
    if (names.indexOf(name) < index) {
      report({
        code: 'provider',
        path,
        message: `"${name}" is listed twice.`,
        hint: 'Remove one of them.',
      })
    }
    if (name === 'local' && names.length > 1) {
      report({
        code: 'provider',
        path,
        message: isBalanced(file)
          ? "The local provider can't share the work: it generates a draft in place of the picture."
          : "The local provider can't be a fallback or have one: it generates a draft in place of the picture.",
        hint: 'Remove it from the list.',
      })
    }
  }
}

function checkBuiltInName(name: string, report: Report): void {
  if (name !== 'local') return
  report({
    code: 'provider',
    path: ['providers', name],
    part: 'key',
    message: "The local provider is embedded and can't be configured.",
    hint: 'Choose another name.',
  })
}

/** Checks that a key is sent only to the server that it is meant for. */
function checkKey(
  { name, entry, file }: Checked & { name: string; entry: ProviderFile },
  report: Report,
): void {
  const { server = 'openai' } = entry
  const [settings] = resolveProviders({ ...file, provider: name }, undefined)
  if (settings === undefined || server === 'ai-sdk' || server === 'command') return
  const target = settings.baseURL ?? (server === 'openai' ? OPENAI_URL : null)
  if (target === null || !URL.canParse(target) || isMeantFor(settings.key, target)) return
  const own = variableOf(name) === settings.key ? variableOf(`my-${name}`) : variableOf(name)
  report({
    code: 'provider-key',
    path: ['providers', name, entry.key === undefined ? 'baseURL' : 'key'],
    message: `${settings.key} is meant for ${ownerOf(settings.key)}, but would be sent to ${new URL(target).hostname}.`,
    hint: `Store this server's key in a variable of its own, for example \`key: ${own}\`.`,
  })
}

/** Names the service that a key is for. */
function ownerOf(key: string): string {
  if (key === servers.openai.key) return 'OpenAI'
  return Object.values<Server>(servers)
    .find((server) => server.key === key)!
    .hosts!.join(' and ')
}

function checkBody(
  name: string,
  { server = 'openai', body = {} }: ProviderFile,
  report: Report,
): void {
  for (const field of Object.keys(body)) {
    const instead = hintForReservedField(field, server)
    if (instead === undefined) continue
    report({
      code: 'provider-body',
      path: ['providers', name, 'body', field],
      part: 'key',
      message: `Limn sets \`${field}\` itself: the lockfile and the price would ignore this one.`,
      hint: instead,
    })
  }
}

function checkLikes(name: string, { models = {} }: ProviderFile, report: Report): void {
  for (const [id, { like }] of Object.entries(models)) {
    if (like === undefined || modelById.has(like)) continue
    report({
      code: 'unknown-model',
      path: ['providers', name, 'models', id, 'like'],
      message: `Limn does not know the model "${like}".`,
      hint:
        didYouMean(like, modelById.keys()) ??
        'Name a model that Limn knows, or remove `like` and describe what the model can do.',
    })
  }
}

/** Checks that a model is named where the first provider has no default model. */
function checkModelIsNamed({ file, manifest, scopes, profile }: Checked, report: Report): void {
  const [first] = manifest.providers
  if (first === undefined || defaultModel(first) !== undefined) return
  const profiled = profile === undefined ? undefined : findProfile(profile, file).model
  const isUnnamed = manifest.assets.some(
    ({ key, source, operation }) =>
      isRequested({ source, operation }) &&
      (profiled ??
        file.assets[key]?.model ??
        scopes.map(({ defaults }) => defaults.model).find((model) => model !== undefined)) ===
        undefined,
  )
  if (!isUnnamed) return
  report({
    code: 'no-model',
    path: ['providers', first.name],
    part: 'key',
    message: `"${first.name}" has no default model, and the manifest names none.`,
    hint: 'Add `defaults: { model: NAME }` with a model that the server offers.',
  })
}
