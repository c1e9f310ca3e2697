import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as api from '@opentelemetry/api'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { afterEach, expect, test } from 'vitest'
import { errors } from '../../../fixtures/openai-server/index.ts'
import { createTestProject, KEY, smallManifest } from './test-project.ts'

const modules = fileURLToPath(new URL('../node_modules', import.meta.url))
const docs = readFileSync(new URL('../../../docs/telemetry.md', import.meta.url), 'utf8')
const two = { boat: 'A red boat', hill: 'A green hill' }

afterEach(() => {
  for (const part of [api.trace, api.context, api.metrics]) part.disable()
})

function registerSpans(): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter()
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register()
  return exporter
}

test('records one span per request with tokens and cost, below the span of the caller', async () => {
  const exporter = registerSpans()
  const { generate, server, expectNoKey } = await createTestProject({
    files: { 'images.yaml': smallManifest(two, 'provider: openai') },
    server: true,
  })
  server.next(errors.serverError)
  const run = await api.trace.getTracer('host').startActiveSpan('deploy', async (span) => {
    const result = await generate()
    span.end()
    return result
  })
  const spans = exporter.getFinishedSpans()
  const byName = (name: string): typeof spans => spans.filter((span) => span.name === name)
  const requests = byName('generate_content gpt-image-2.5-flare')
  const [root] = byName('limn run')
  expect(requests.map(({ attributes }) => attributes['limn.asset']).sort()).toEqual([
    'boat',
    'hill',
  ])
  for (const { parentSpanContext, attributes } of requests) {
    expect(parentSpanContext?.spanId).toBe(root!.spanContext().spanId)
    expect(attributes).toMatchObject({
      'limn.outcome': 'ok',
      'limn.pictures': 1,
      'limn.cost.estimated': false,
      'gen_ai.provider.name': 'openai',
      'gen_ai.usage.output_tokens': expect.any(Number),
    })
  }
  expect(requests.map(({ attributes }) => attributes['limn.retries']).sort()).toEqual([0, 1])
  expect(root!.parentSpanContext?.spanId).toBe(byName('deploy')[0]!.spanContext().spanId)
  expect(root!.attributes).toMatchObject({ 'limn.generated': 2, 'limn.failed': 0 })
  const sum = requests.reduce((total, each) => total + Number(each.attributes['limn.cost.usd']), 0)
  expect(sum).toBeCloseTo(run.usd, 10)
  expectNoKey(spans.map(({ attributes, events }) => [attributes, events]))
})

test('records requests in a batch as sent, and a run with nothing to do not at all', async () => {
  const exporter = registerSpans()
  const { generate, server } = await createTestProject({
    files: { 'images.yaml': smallManifest(two, 'provider: openai') },
    server: true,
  })
  await generate({ batch: true })
  const sent = exporter.getFinishedSpans().filter(({ kind }) => kind === api.SpanKind.CLIENT)
  const batch = server.batches.created[0]!.id
  expect(sent.map(({ attributes }) => attributes)).toMatchObject([
    { 'limn.outcome': 'sent', 'limn.batch': batch },
    { 'limn.outcome': 'sent', 'limn.batch': batch },
  ])
  exporter.reset()
  await generate()
  expect(exporter.getFinishedSpans()).toEqual([])
})

test('follows the recipe of docs/telemetry.md', async () => {
  const recipe = /```js\n([^]*?)```/.exec(docs)![1]!
  const project = await createTestProject({
    files: {
      'images.yaml': smallManifest({ boat: 'A red boat' }, 'provider: openai'),
      'otel.mjs': recipe,
    },
    server: true,
  })
  mkdirSync(join(project.root, 'node_modules'))
  symlinkSync(join(modules, '@opentelemetry'), join(project.root, 'node_modules/@opentelemetry'))
  const [, options] = /NODE_OPTIONS="(.*?)"/.exec(docs)!
  const { code, stdout, stderr } = await project.cliProcess(['generate'], {
    NODE_OPTIONS: options!,
  })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  for (const name of [
    'limn run',
    'generate_content gpt-image-2.5-flare',
    'gen_ai.client.operation.duration',
    'gen_ai.client.token.usage',
    'limn.cost',
  ]) {
    expect(stdout).toContain(`'${name}'`)
  }
  expect(stdout).not.toContain('A red boat')
  expect(stdout).not.toContain(KEY)
})
