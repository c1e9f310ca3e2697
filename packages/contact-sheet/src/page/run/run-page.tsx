import type { JSX } from 'preact'
import type { RunAsset, RunView } from '../../protocol.ts'
import { describeFailure } from '../connection/connection.ts'
import { Button } from '../controls/button.tsx'
import { Placeholder } from '../controls/placeholder.tsx'
import { formatRoute } from '../store/route.ts'
import { useMoney, useStore, useText } from '../store/store.ts'
import { formatDuration } from './duration.ts'
import { useSeconds } from './use-seconds.ts'
import './run.css'

/** What a run does now: queue, requests, waits, retries, failures. */
export function RunPage(): JSX.Element {
  const { run, dialog, canAct, sheet } = useStore()
  const text = useText()
  const hasWork = sheet.value?.assets.some(({ need }) => need === 'run') ?? false
  return (
    <main class="run">
      <h1 class="hidden">{text.nav.run}</h1>
      {run.value === null ? (
        <Placeholder icon="play" title={text.run.noneTitle}>
          <p>{hasWork ? text.run.noneHint : text.run.upToDate}</p>
          {hasWork && canAct.value ? (
            <Button
              look="primary"
              onClick={() => (dialog.value = { kind: 'generate', names: null, force: false })}
            >
              {text.run.start}
            </Button>
          ) : null}
        </Placeholder>
      ) : (
        <Run run={run.value} />
      )}
    </main>
  )
}

function Run({ run }: { run: RunView }): JSX.Element {
  const text = useText()
  return (
    <>
      <Progress run={run} />
      {(['failed', 'active', 'retrying', 'queued', 'done'] as const).map((section) => {
        const assets = run.assets.filter(({ stage }) => sectionOf[stage] === section)
        return assets.length === 0 ? null : (
          <section class="run-section" key={section}>
            <h2>
              {text.run.sections[section]} <span class="group-count">{assets.length}</span>
            </h2>
            <AssetList assets={assets} />
          </section>
        )
      })}
    </>
  )
}

const sectionOf = {
  queued: 'queued',
  requested: 'active',
  partial: 'active',
  retrying: 'retrying',
  done: 'done',
  failed: 'failed',
} as const

function Progress({ run }: { run: RunView }): JSX.Element {
  const { preferences } = useStore()
  const text = useText()
  const money = useMoney()
  const now = useSeconds()
  const language = preferences.language.value
  const ran = formatDuration(now - Date.parse(run.startedAt), language)
  return (
    <section class="run-progress" aria-label={text.run.progress}>
      <div class="run-head">
        <p class="run-count">
          <strong>{run.done}</strong> / {run.total}
        </p>
        <dl class="facts">
          <Fact name={text.run.spent} value={money(run.usd)} />
          <Fact name={text.run.ran} value={ran} />
          <Fact
            name={text.run.left}
            value={run.msLeft === null ? text.run.unknown : formatDuration(run.msLeft, language)}
          />
          {run.toDerive === 0 ? null : (
            <Fact name={text.run.derived} value={`${run.derived} / ${run.toDerive}`} />
          )}
        </dl>
        <StopButton isStopping={run.isStopping} />
      </div>
      <progress max={Math.max(1, run.total)} value={run.done} aria-label={text.run.progress} />
    </section>
  )
}

function Fact({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function StopButton({ isStopping }: { isStopping: boolean }): JSX.Element | null {
  const { connection, canAct, notice } = useStore()
  const text = useText()
  if (!canAct.value) return null
  const stop = async () => {
    try {
      await connection.call('stop', {})
    } catch (error) {
      notice.value = { tone: 'failure', ...describeFailure(error) }
    }
  }
  return (
    <Button icon="stop" disabled={isStopping} onClick={() => void stop()}>
      {isStopping ? text.run.stopping : text.run.stop}
    </Button>
  )
}

/** Longest list that is shown: a queue may have thousands of entries. */
const SHOWN = 200

function AssetList({ assets }: { assets: readonly RunAsset[] }): JSX.Element {
  const text = useText()
  return (
    <ul class="run-list">
      {assets.slice(0, SHOWN).map((asset) => (
        <AssetLine asset={asset} key={asset.name} />
      ))}
      {assets.length > SHOWN ? (
        <li class="run-more">{text.run.more(assets.length - SHOWN)}</li>
      ) : null}
    </ul>
  )
}

function AssetLine({ asset }: { asset: RunAsset }): JSX.Element {
  const { connection, assetByName } = useStore()
  const text = useText()
  const money = useMoney()
  const { name, partial, stage } = asset
  const version = assetByName.value.get(name)?.picture
  const url =
    partial !== null && stage !== 'done'
      ? connection.urlOf({ kind: 'partial', asset: name, version: partial })
      : version === undefined
        ? null
        : connection.urlOf({ kind: 'thumb', asset: name, version })
  return (
    <li class={`run-line stage-${stage}`}>
      <span class="run-thumb">
        {url === null ? null : <img src={url} alt="" loading="lazy" decoding="async" />}
      </span>
      <a href={formatRoute({ view: 'asset', name })}>{name}</a>
      <span class="run-stage">{text.stages[stage]}</span>
      <span class="run-why">
        {text.whyInRun(asset)}
        {asset.retryAt === null ? null : <Countdown until={asset.retryAt} />}
      </span>
      <span class="run-usd">{asset.usd === null ? '' : money(asset.usd)}</span>
    </li>
  )
}

/** Seconds until a retry. Not read out: it changes every second. */
function Countdown({ until }: { until: string }): JSX.Element {
  const text = useText()
  const now = useSeconds()
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now) / 1000))
  return <span class="countdown">{text.run.retryIn(seconds)}</span>
}
