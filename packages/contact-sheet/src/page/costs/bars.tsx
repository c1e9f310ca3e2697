import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Button } from '../controls/button.tsx'
import { formatRoute } from '../store/route.ts'
import { useMoney, useStore, useText } from '../store/store.ts'

type BarsOptions = {
  title: string
  rows: readonly { label: string; usd: number; pictures: number }[]
  /** Whether the labels are names of assets, which have a view. */
  areAssets?: boolean
}

/** Rows that are shown at first. */
const SHOWN = 12

/** Spending by something, the most expensive first: a table whose rows are bars. */
export function Bars({ title, rows, areAssets = false }: BarsOptions): JSX.Element {
  const { assetByName } = useStore()
  const text = useText()
  const money = useMoney()
  const [isLong, setIsLong] = useState(false)
  const sorted = [...rows].sort((a, b) => b.usd - a.usd)
  const most = Math.max(0.000_001, sorted[0]?.usd ?? 0)
  const shown = isLong ? sorted : sorted.slice(0, SHOWN)
  return (
    <section class="panel">
      <table class="bars">
        <caption>{title}</caption>
        <thead class="hidden">
          <tr>
            <th scope="col">{title}</th>
            <th scope="col">{text.costs.pictures}</th>
            <th scope="col">{text.costs.amount}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ label, usd, pictures }) => (
            <tr key={label} style={{ '--share': `${(100 * usd) / most}%` }}>
              <th scope="row">
                {areAssets && assetByName.value.has(label) ? (
                  <a href={formatRoute({ view: 'asset', name: label })}>{label}</a>
                ) : (
                  label
                )}
              </th>
              <td>{text.count.pictures(pictures)}</td>
              <td class="amount">{money(usd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 ? <p class="nothing">{text.costs.nothing}</p> : null}
      {rows.length > SHOWN && !isLong ? (
        <Button look="plain" onClick={() => setIsLong(true)}>
          {text.costs.showAll(rows.length)}
        </Button>
      ) : null}
    </section>
  )
}
