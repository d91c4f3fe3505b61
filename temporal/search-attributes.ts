/** The names of the model as typed keys of the SDK, for clients and the server. */
import { defineSearchAttributeKey } from '@temporalio/common';
import { searchAttributes } from '../src/model/search-attributes.js';

type Keyword = ReturnType<typeof defineSearchAttributeKey<'KEYWORD'>>;

export const searchAttributeKeys = Object.fromEntries(
  Object.entries(searchAttributes).map(([what, name]) => [what, defineSearchAttributeKey(name, 'KEYWORD')]),
) as Record<keyof typeof searchAttributes, Keyword>;
