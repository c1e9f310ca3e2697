import { formatRoute } from '../store/route.ts'
import { useStore, useText } from '../store/store.ts'

/** The first view: all assets. */
export function GridPage() {
  const { sheet, connection } = useStore()
  const text = useText()
  if (sheet.value === null) return <p>{text.loading}</p>
  return (
    <ul>
      {sheet.value.assets.slice(0, 100).map((asset) => (
        <li key={asset.name}>
          <a href={formatRoute({ view: 'asset', name: asset.name })}>
            <img
              src={
                connection.urlOf({ kind: 'thumb', asset: asset.name, version: asset.picture }) ?? ''
              }
              width="120"
              alt=""
            />
            {asset.name}
          </a>
        </li>
      ))}
    </ul>
  )
}
