import type { BodyReader } from '../body-reader.js'
import { BodyWriter } from '../body-writer.js'
import type { Codec } from '../codec.js'

/** One column of a result. */
export interface ColumnDescription {
  readonly name: string
  /** 0 where the column isn't a table's. */
  readonly tableOid: number
  readonly columnNumber: number
  readonly typeOid: number
  /** Bytes; negative: variable. */
  readonly typeLength: number
  readonly typeModifier: number
  /** 0 text, 1 binary; 0 as long as it isn't known. */
  readonly format: number
}

/** The columns of the rows that follow, or that a portal would give. */
export interface RowDescription {
  readonly columns: readonly ColumnDescription[]
}

export const RowDescription: Codec<RowDescription> = {
  name: 'RowDescription',
  tag: 'T',
  decode: (body) => ({ columns: body.list(readColumn) }),
  encode: (value) => new BodyWriter('T').list(value.columns, writeColumn).finish(),
}

function readColumn(body: BodyReader): ColumnDescription {
  return {
    name: body.lenientCstring(),
    tableOid: body.uint32(),
    columnNumber: body.int16(),
    typeOid: body.uint32(),
    typeLength: body.int16(),
    typeModifier: body.int32(),
    format: body.int16(),
  }
}

function writeColumn(body: BodyWriter, column: ColumnDescription): void {
  body.cstring(column.name).uint32(column.tableOid).int16(column.columnNumber)
  body.uint32(column.typeOid).int16(column.typeLength).int32(column.typeModifier).int16(column.format)
}
