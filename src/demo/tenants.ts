/** A tenant of the demo: one client product of the five that share the database. */
export interface DemoTenant {
  readonly id: string
  readonly name: string
  readonly settings: {
    readonly features: Readonly<Record<string, boolean>>
    readonly branding: Readonly<Record<string, string>>
    readonly limits: Readonly<Record<string, number>>
  }
}

/** The five that are there from the start. */
export const DEMO_TENANTS: readonly DemoTenant[] = [
  {
    id: 'acme',
    name: 'Acme Field Service',
    settings: {
      features: { invoicing: true, comments: true, beta_reports: true },
      branding: { color: '#c8102e', logo: 'acme.svg', greeting: 'Hello from Acme' },
      limits: { connections: 50, concurrentQueries: 20, queriesPerSecond: 500 },
    },
  },
  {
    id: 'birch',
    name: 'Birch & Sons Carpentry',
    settings: {
      features: { invoicing: true, comments: false, beta_reports: false },
      branding: { color: '#8b5a2b', logo: 'birch.svg', greeting: 'Welcome to the workshop' },
      limits: { connections: 20, concurrentQueries: 10, queriesPerSecond: 200 },
    },
  },
  {
    id: 'cobalt',
    name: 'Cobalt Design Studio',
    settings: {
      features: { invoicing: true, comments: true, beta_reports: false },
      branding: { color: '#0047ab', logo: 'cobalt.svg', greeting: 'Make it blue' },
      limits: { connections: 20, concurrentQueries: 10, queriesPerSecond: 200 },
    },
  },
  {
    id: 'delta',
    name: 'Delta Legal Partners',
    settings: {
      features: { invoicing: false, comments: true, beta_reports: false },
      branding: { color: '#4b5563', logo: 'delta.svg', greeting: 'In confidence' },
      limits: { connections: 10, concurrentQueries: 5, queriesPerSecond: 100, statementTimeoutMs: 10_000 },
    },
  },
  {
    id: 'ember',
    name: 'Ember Kitchens',
    settings: {
      features: { invoicing: true, comments: true, beta_reports: true },
      branding: { color: '#f97316', logo: 'ember.svg', greeting: 'What are we cooking?' },
      limits: { connections: 20, concurrentQueries: 10, queriesPerSecond: 200 },
    },
  },
]

/** The one that the guided tour takes on while the gateway runs. */
export const NEW_TENANT: DemoTenant = {
  id: 'fjord',
  name: 'Fjord Travel',
  settings: {
    features: { invoicing: true, comments: true, beta_reports: true },
    branding: { color: '#0f766e', logo: 'fjord.svg', greeting: 'Velkommen' },
    limits: { connections: 5, concurrentQueries: 5, queriesPerSecond: 50 },
  },
}

/** Who belongs to the house and to no tenant: an analyst of two, and an operator. */
export const STAFF = [
  { name: 'analyst', kind: 'analyst', tenants: ['acme', 'birch'] },
  { name: 'operator', kind: 'operator', tenants: [] },
] as const
