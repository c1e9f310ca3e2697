import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { errors, type Fault } from '../../../../fixtures/openai-server/index.ts'

/** One failure that a server has shown, and what becomes of it. */
export type ErrorRow = {
  name: string
  fault: Fault
  code: string
  /** What is said. */
  message: RegExp
  /** What to do. */
  hint: RegExp
  /** Never asked again (`false`), again after Limn's own wait (`true`), or after so many ms. */
  retry: boolean | number
  /** Whether it counts as billed. */
  isBilled?: true
}

const at = (fault: Fault, headers: Readonly<Record<string, string>>): Fault => ({ ...fault, headers }) as Fault
const page = (text: string, contentType = 'text/html'): Fault => ({ kind: 'body', status: 200, contentType, text })
const json = (value: unknown): Fault => page(JSON.stringify(value), 'application/json')
const billed = { isBilled: true } as const

/** Every failure of the facts: OpenAI's own table, then Azure, compatible servers, relays, proxies and broken answers. */
export const errorTable: readonly ErrorRow[] = [
  { name: 'a wrong key', fault: errors.invalidApiKey, code: 'provider/auth', message: /^The server does not accept the key\.$/, hint: /^Check OPENAI_API_KEY/, retry: false },
  { name: 'a wrong key under 400', fault: errors.invalidKeyByCode, code: 'provider/auth', message: /^The server does not accept the key\.$/, hint: /^Check OPENAI_API_KEY/, retry: false },
  { name: 'an unverified organisation', fault: errors.unverifiedOrganisation, code: 'provider/auth', message: /^Your organisation must be verified to use gpt-image-2\.5-flare\.$/, hint: /^Verify it .* 15 minutes/, retry: false },
  { name: 'an unverified organisation under 400', fault: { ...errors.unverifiedOrganisation, status: 400 }, code: 'provider/auth', message: /must be verified/, hint: /^Verify it/, retry: false },
  { name: 'a country', fault: errors.unsupportedCountry, code: 'provider/auth', message: /not offered in this country or region/, hint: /^Use a server that is/, retry: false },
  { name: 'a right that is missing', fault: { ...errors.modelForbidden, code: null, message: 'Missing scopes: api.model.images.request' }, code: 'provider/auth', message: /^The key may not do this: Missing scopes/, hint: /permissions/, retry: false },
  { name: 'a model out of reach', fault: errors.modelForbidden, code: 'provider/refused', message: /^The server has no model gpt-image-2\.5-flare, or this key may not use it\.$/, hint: /^Name another model/, retry: false },
  { name: 'no such model', fault: errors.modelNotFound, code: 'provider/refused', message: /has no model gpt-image-2\.5-flare/, hint: /^Name another model/, retry: false },
  { name: 'a retired model', fault: errors.retiredDallE, code: 'provider/refused', message: /has no model/, hint: /^Name another model/, retry: false },
  { name: 'an unknown address', fault: errors.unknownUrl, code: 'provider/refused', message: /^The server knows no images\/generations \(404\)/, hint: /base URL.*\/v1/, retry: false },
  { name: 'an unknown parameter', fault: errors.unknownParameter, code: 'provider/refused', message: /does not know the field response_format/, hint: /omit: \[response_format\]/, retry: false },
  { name: 'a missing parameter', fault: errors.missingPrompt, code: 'provider/refused', message: /Missing required parameter/, hint: /^Change `prompt` in the manifest\.$/, retry: false },
  { name: 'a wrong size', fault: errors.invalidValueSize, code: 'provider/refused', message: /\(invalid_value\).*must both be divisible by 16/, hint: /^Change `size` in the manifest\.$/, retry: false },
  { name: 'a compression of PNG', fault: errors.invalidCompression, code: 'provider/refused', message: /Compression less than 100/, hint: /^Change `compression` in the manifest\.$/, retry: false },
  { name: 'a fidelity', fault: errors.invalidInputFidelity, code: 'provider/refused', message: /input_fidelity/, hint: /^Change `fidelity` in the manifest\.$/, retry: false },
  { name: 'a file of a wrong type', fault: errors.unsupportedMimetype, code: 'provider/refused', message: /unsupported mimetype/, hint: /^Change `edit` in the manifest\.$/, retry: false },
  { name: 'moderation of the prompt', fault: errors.moderationBlocked, code: 'provider/moderation', message: /^The prompt was refused by moderation: sexual\.$/, hint: /^Reword the prompt/, retry: false },
  { name: 'moderation of the picture', fault: errors.moderationAtOutput, code: 'provider/moderation', message: /^Moderation refused the picture once it was drawn: violence, self-harm\. It may have been billed/, hint: /^Reword the prompt/, retry: false, ...billed },
  { name: 'moderation that names its findings only in words', fault: { ...errors.moderationBlocked, details: {} }, code: 'provider/moderation', message: /^The prompt was refused by moderation: sexual\.$/, hint: /^Reword/, retry: false },
  { name: 'the policy of old', fault: errors.contentPolicyViolation, code: 'provider/moderation', message: /^The prompt was refused by moderation\.$/, hint: /^Reword/, retry: false },
  { name: "the safety system's words without a code", fault: { ...errors.contentPolicyViolation, code: null }, code: 'provider/moderation', message: /refused by moderation/, hint: /^Reword/, retry: false },
  { name: "Azure's content filter", fault: errors.azureContentFilter, code: 'provider/moderation', message: /^The prompt was refused by moderation: violence\.$/, hint: /^Reword/, retry: false },
  { name: "Azure's content filter without details", fault: errors.azureContentFilterBare, code: 'provider/moderation', message: /^The prompt was refused by moderation\.$/, hint: /^Reword/, retry: false },
  { name: 'a used-up quota', fault: errors.insufficientQuota, code: 'provider/quota', message: /quota or spending limit is used up: You exceeded your current quota/, hint: /^Add credit/, retry: false },
  { name: 'a used-up quota that asks to come again', fault: at(errors.insufficientQuota, { 'x-should-retry': 'true', 'retry-after': '1' }), code: 'provider/quota', message: /used up/, hint: /^Add credit/, retry: false },
  { name: 'a used-up credit', fault: errors.creditBalanceExhausted, code: 'provider/quota', message: /used up/, hint: /^Add credit/, retry: false },
  { name: 'a spending limit', fault: errors.spendLimit, code: 'provider/quota', message: /used up/, hint: /^Add credit/, retry: false },
  { name: 'a billing limit', fault: errors.billingHardLimit, code: 'provider/quota', message: /used up/, hint: /^Add credit/, retry: false },
  { name: 'a billing limit under 429', fault: { ...errors.billingHardLimit, status: 429 }, code: 'provider/quota', message: /used up/, hint: /^Add credit/, retry: false },
  { name: "a relay's quota", fault: errors.relayQuota, code: 'provider/quota', message: /used up/, hint: /^Add credit/, retry: false },
  { name: 'no balance', fault: errors.noBalance, code: 'provider/quota', message: /^The account has no balance: Insufficient balance\.$/, hint: /^Add credit/, retry: false },
  { name: 'a rate limit', fault: at(errors.rateLimited, { 'retry-after': '1', 'retry-after-ms': '34' }), code: 'provider/rate-limit', message: /rate limit is reached/, hint: /again later/, retry: 34 },
  { name: 'a rate limit that says its wait in words', fault: { ...errors.rateLimited, headers: {}, message: 'Rate limit reached for gpt-image-2 on images per min: Limit 5, Used 5, Requested 1. Please try again in 0.05s.' }, code: 'provider/rate-limit', message: /rate limit is reached/, hint: /again later/, retry: 50 },
  { name: 'a rate limit of input pictures', fault: at(errors.inputImagesLimited, { 'retry-after-ms': '20' }), code: 'provider/rate-limit', message: /input-images per min/, hint: /again later/, retry: 20 },
  { name: 'too sudden a rise', fault: errors.slowDown, code: 'provider/rate-limit', message: /increased too quickly/, hint: /again later/, retry: true },
  { name: 'a page of a proxy that limits', fault: { kind: 'html', status: 429 }, code: 'provider/rate-limit', message: /^The server's rate limit is reached\.$/, hint: /again later/, retry: true },
  { name: 'a request that took too long', fault: errors.requestTimeout, code: 'provider/server', message: /\(408\)/, hint: /^Run the command again/, retry: true },
  { name: 'a conflict', fault: errors.conflict, code: 'provider/server', message: /\(409\)/, hint: /^Run the command again/, retry: true },
  { name: 'a request too early', fault: errors.tooEarly, code: 'provider/server', message: /\(425\)/, hint: /^Run the command again/, retry: true },
  { name: 'a fault of the server', fault: errors.serverError, code: 'provider/server', message: /^The server failed \(500\): The server had an error/, hint: /^Run the command again/, retry: true },
  { name: 'a bad gateway', fault: errors.badGateway, code: 'provider/server', message: /^The server failed \(502\)\.$/, hint: /^Run the command again/, retry: true },
  { name: 'an overload', fault: errors.overloaded, code: 'provider/server', message: /\(503\).*overloaded/, hint: /^Run the command again/, retry: true },
  { name: 'a gateway that waited too long', fault: errors.gatewayTimeout, code: 'provider/server', message: /\(504\)/, hint: /^Run the command again/, retry: true },
  { name: 'a proxy that did not wait', fault: { kind: 'html', status: 504 }, code: 'provider/timeout', message: /^A proxy before the server did not wait for the picture \(504\)\. It may have been billed/, hint: /usage page/, retry: false, ...billed },
  { name: 'a fault in plain text', fault: errors.plainText, code: 'provider/server', message: /out of memory/, hint: /^Run the command again/, retry: true },
  { name: 'a fault whose code is a number', fault: errors.numericCode, code: 'provider/server', message: /could not load model/, hint: /^Run the command again/, retry: true },
  { name: 'a fault that forbids asking again', fault: at(errors.serverError, { 'x-should-retry': 'false' }), code: 'provider/server', message: /\(500\)/, hint: /^Run the command again/, retry: false },
  { name: 'a refusal that asks to come again', fault: at({ ...errors.invalidValueSize, message: 'Busy' }, { 'x-should-retry': 'true', 'retry-after-ms': '15' }), code: 'provider/refused', message: /Busy/, hint: /./, retry: 15 },
  { name: 'what the server has not got', fault: { ...errors.serverError, status: 501 }, code: 'provider/refused', message: /./, hint: /./, retry: false },
  { name: 'a body too large', fault: errors.payloadTooLarge, code: 'provider/refused', message: /^The request is too large for the server\.$/, hint: /smaller input pictures/, retry: false },
  { name: 'a firewall', fault: errors.firewall, code: 'provider/refused', message: /^A web page came in the place of an answer \(403\)\.$/, hint: /base URL.*proxy/, retry: false },
  { name: 'a detail in words', fault: errors.detailText, code: 'provider/refused', message: /: The prompt is invalid\.$/, hint: /./, retry: false },
  { name: 'a list of details', fault: errors.detailList, code: 'provider/refused', message: /: size: Invalid size; n: Too many\.$/, hint: /./, retry: false },
  { name: 'an error within a list', fault: errors.errorInList, code: 'provider/refused', message: /Only one image can be generated/, hint: /./, retry: false },
  { name: 'an error under 200', fault: { kind: 'errorIn200', message: 'Upstream failed' }, code: 'provider/server', message: /^The server failed: Upstream failed\.$/, hint: /^Run the command again/, retry: false },
  { name: 'moderation under 200', fault: { kind: 'errorIn200', code: 'moderation_blocked', message: 'Blocked. safety_violations=[hate]' }, code: 'provider/moderation', message: /^The prompt was refused by moderation: hate\.$/, hint: /^Reword/, retry: false },
  { name: 'a used-up quota under 200', fault: { kind: 'errorIn200', code: 'insufficient_user_quota' }, code: 'provider/quota', message: /used up/, hint: /^Add credit/, retry: false },
  { name: 'a rate limit under 200', fault: json({ error: { code: 429, message: 'Slow down, try again in 10ms' } }), code: 'provider/rate-limit', message: /Slow down/, hint: /again later/, retry: 10 },
  { name: 'an error in bare words under 200', fault: json({ error: 'Upstream failed' }), code: 'provider/refused', message: /Upstream failed/, hint: /./, retry: false },
  { name: 'no picture', fault: { kind: 'emptyData' }, code: 'provider/bad-answer', message: /^The server answered without a picture\.$/, hint: /refused by moderation: reword the prompt/, retry: false, ...billed },
  { name: 'moderation that leaves the list empty', fault: json({ created: 1, data: [], moderation_details: { moderation_stage: 'output', categories: ['violence'] } }), code: 'provider/moderation', message: /^Moderation refused the picture once it was drawn: violence\./, hint: /^Reword/, retry: false, ...billed },
  { name: 'an empty list that is said to be a success', fault: json({ message: 'success', data: [] }), code: 'provider/bad-answer', message: /without a picture/, hint: /./, retry: false, ...billed },
  { name: 'a page of HTML', fault: page('<html>Hello</html>'), code: 'provider/bad-answer', message: /not of the Images API/, hint: /base URL/, retry: false, ...billed },
  { name: 'JSON that is broken', fault: page('{"data":[', 'application/json'), code: 'provider/bad-answer', message: /not of the Images API/, hint: /base URL/, retry: false, ...billed },
  { name: 'JSON null', fault: page('null', 'application/json'), code: 'provider/bad-answer', message: /not of the Images API/, hint: /base URL/, retry: false, ...billed },
  { name: 'data that is no list', fault: json({ data: 'x' }), code: 'provider/bad-answer', message: /without a picture/, hint: /./, retry: false, ...billed },
  { name: 'a picture that is null', fault: json({ data: [null] }), code: 'provider/bad-answer', message: /without a picture/, hint: /./, retry: false, ...billed },
  { name: 'base64 that is none', fault: { kind: 'base64', text: '***' }, code: 'provider/bad-answer', message: /not valid base64/, hint: /base URL/, retry: false, ...billed },
  { name: 'a link that has expired', fault: { kind: 'url', form: 'expired' }, code: 'provider/bad-answer', message: /answered 403/, hint: /base URL/, retry: false, ...billed },
  { name: 'a connection cut before the answer', fault: { kind: 'cut', afterBytes: 0 }, code: 'provider/network', message: /may have been billed/, hint: /usage page/, retry: false, ...billed },
  { name: 'a connection cut within the answer', fault: { kind: 'cut', afterBytes: 100 }, code: 'provider/network', message: /may have been billed/, hint: /usage page/, retry: false, ...billed },
]

/** A server of a test's own on the loopback; it goes after the test. @returns its origin */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
