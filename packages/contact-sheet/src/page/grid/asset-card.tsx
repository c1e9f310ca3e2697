import type { JSX } from 'preact'
import type { RunAsset, SheetAsset } from '../../protocol.ts'
import { Icon } from '../controls/icon.tsx'
import { Status } from '../controls/status.tsx'
import { folderOf } from '../store/asset-status.ts'
import { formatRoute } from '../store/route.ts'
import { useMoney, useStore, useText } from '../store/store.ts'
import { Thumb } from './thumb.tsx'

type CardOptions = {
  asset: SheetAsset
  /** Whether Tab leads to it: to one card of the grid. */
  isTabStop: boolean
  onToggle: (name: string, isRange: boolean) => void
}

/** One asset in the grid: picture, name, status, cost. A link to its view. */
export function AssetCard({ asset, isTabStop, onToggle }: CardOptions): JSX.Element {
  const { grid, runAssetByName } = useStore()
  const text = useText()
  const { name } = asset
  const isSelected = grid.selection.value.has(name)
  const run = runAssetByName.value.get(name)
  const onClick = (event: MouseEvent) => {
    if (!event.shiftKey && !event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    onToggle(name, event.shiftKey)
  }
  return (
    <div class={isSelected ? 'card selected' : 'card'}>
      <a
        class="card-link"
        href={formatRoute({ view: 'asset', name })}
        tabIndex={isTabStop ? 0 : -1}
        data-name={name}
        onClick={onClick}
        onFocus={() => (grid.focused.value = name)}
      >
        <Picture asset={asset} run={run} />
        <Caption asset={asset} run={run} />
      </a>
      <button
        type="button"
        class="card-check"
        tabIndex={-1}
        aria-pressed={isSelected}
        aria-label={text.grid.select(name)}
        onClick={(event) => onToggle(name, event.shiftKey)}
      >
        <Icon name="check" />
      </button>
    </div>
  )
}

type PartOptions = { asset: SheetAsset; run: RunAsset | undefined }

function Picture({ asset, run }: PartOptions): JSX.Element {
  const { connection } = useStore()
  const { name, picture, width, height } = asset
  const url =
    run?.partial && run.stage !== 'done'
      ? connection.urlOf({ kind: 'partial', asset: name, version: run.partial })
      : connection.urlOf({ kind: 'thumb', asset: name, version: picture })
  const isRunning = run !== undefined && !['done', 'failed', 'queued'].includes(run.stage)
  const classes = ['card-picture', asset.isDraft ? 'draft' : '', isRunning ? 'running' : '']
  return (
    <span class={classes.filter(Boolean).join(' ')}>
      <Thumb url={url} width={width} height={height} />
    </span>
  )
}

function Caption({ asset, run }: PartOptions): JSX.Element {
  const { grid } = useStore()
  const money = useMoney()
  const text = useText()
  const status = grid.statusOf.value(asset)
  const folder = grid.filters.value.group === 'folder' ? folderOf(asset.name) : ''
  const title = folder === '' ? asset.name : asset.name.slice(folder.length + 1)
  const stage = run === undefined || run.stage === 'done' ? '' : text.stages[run.stage]
  const why = (run === undefined ? '' : text.whyInRun(run)) || stage || text.why(asset)
  const cost = asset.isDraft ? (asset.step?.usd ?? null) : asset.usd
  return (
    <span class="card-caption">
      <span class="card-name" title={asset.name}>
        {title}
      </span>
      <span class="card-cost">{cost === 0 ? text.free : cost === null ? '' : money(cost)}</span>
      <span class="card-state" title={why}>
        <Status status={status} />
        {why === '' ? null : <span class="card-why">{why}</span>}
      </span>
    </span>
  )
}
