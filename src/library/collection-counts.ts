export { collectionsHolding } from './store/collection-counts.ts'
