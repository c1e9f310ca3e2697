import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import type { CostsView } from '../../protocol.ts'
import { useMoney, useStore, useText } from '../store/store.ts'
import { fillDays } from './fill-days.ts'
import 'uplot/dist/uPlot.min.css'

/** Height of the plot, px. */
const HEIGHT = 196

/** Spending by day as a plot, with a table of the same numbers. */
export function DayPlot({ days }: { days: CostsView['byDay'] }): JSX.Element {
  const text = useText()
  const money = useMoney()
  const spent = days.filter(({ usd }) => usd > 0)
  return (
    <section class="panel" aria-labelledby="days-title">
      <h2 id="days-title">{text.costs.byDay}</h2>
      {spent.length === 0 ? <p class="nothing">{text.costs.nothing}</p> : <Plot days={days} />}
      {spent.length === 0 ? null : (
        <details class="as-table">
          <summary>{text.costs.asTable}</summary>
          <table>
            <thead>
              <tr>
                <th scope="col">{text.costs.day}</th>
                <th scope="col">{text.costs.amount}</th>
              </tr>
            </thead>
            <tbody>
              {spent.toReversed().map(({ day, usd }) => (
                <tr key={day}>
                  <th scope="row">{day}</th>
                  <td class="amount">{money(usd)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </section>
  )
}

/** The plot alone. It is drawn again when the theme, the language or its width changes. */
function Plot({ days }: { days: CostsView['byDay'] }): JSX.Element {
  const { preferences, money } = useStore()
  const root = useRef<HTMLDivElement>(null)
  const theme = preferences.theme.value
  const language = preferences.language.value
  useEffect(() => {
    const element = root.current
    if (element === null) return undefined
    let plot: uPlot | null = null
    const draw = () => {
      plot?.destroy()
      plot = new uPlot(
        settings(element, { language, money: money.value }),
        dataOf(fillDays(days)),
        element,
      )
    }
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && Math.abs(entry.contentRect.width - (plot?.width ?? 0)) > 1) draw()
    })
    observer.observe(element)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', draw)
    return () => {
      observer.disconnect()
      dark.removeEventListener('change', draw)
      plot?.destroy()
    }
  }, [days, theme, language])
  return <div class="plot" ref={root} aria-hidden="true" />
}

function dataOf(days: CostsView['byDay']): uPlot.AlignedData {
  return [days.map(({ day }) => Date.parse(day) / 1000), days.map(({ usd }) => usd)]
}

type Words = { language: 'en' | 'zh'; money: (usd: number) => string }

/** Returns the options of the plot. Its colours are those of the page. */
function settings(element: HTMLElement, { language, money }: Words): uPlot.Options {
  const colour = (name: string) => resolveColour(element, name)
  const axis = {
    stroke: colour('--ink-3'),
    font: '12px system-ui, sans-serif',
    ticks: { show: false },
  }
  const date = new Intl.DateTimeFormat(language, {
    month: 'short',
    day: 'numeric',
    timeZone: 'UTC',
  })
  return {
    width: element.clientWidth,
    height: HEIGHT,
    cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
    legend: { show: true, live: true },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    scales: {
      // Half a day on each side, so that the first and the last bar are whole.
      x: { range: (_, min, max) => [min - 43_200, max + 43_200] },
      y: { range: (_, __, max) => [0, Math.max(max * 1.1, 0.01)] },
    },
    axes: [
      {
        ...axis,
        size: 32,
        grid: { show: false },
        space: 70,
        incrs: [1, 2, 7, 14, 28, 91, 364].map((count) => count * 86_400),
        values: (_, ticks) => ticks.map((tick) => date.format(tick * 1000)),
      },
      {
        ...axis,
        size: 64,
        grid: { stroke: colour('--line'), width: 1 },
        values: (_, ticks) => ticks.map((tick) => money(tick)),
      },
    ],
    series: [
      { label: '', value: (_, value) => (value === null ? '' : date.format(value * 1000)) },
      {
        label: '',
        fill: colour('--accent'),
        stroke: colour('--accent'),
        width: 0,
        points: { show: false },
        paths: uPlot.paths.bars!({ size: [0.7, 36], radius: 0.15 }),
        value: (_, value) => (value === null ? '' : money(value)),
      },
    ],
  }
}

/** Returns the value of a colour of the page that a canvas understands. */
function resolveColour(element: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  element.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
