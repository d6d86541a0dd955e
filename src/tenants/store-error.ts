/** A change of tenants or logins that can't be made; the sentence is for whoever asked for it. */
export class StoreError extends Error {}
