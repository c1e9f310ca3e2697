import { render } from 'preact'
import './page.css'

render(<main>Limn</main>, document.body)
