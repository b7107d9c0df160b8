import { figure } from './table.mjs';

const SIGNS = { 'at least': '≥', 'more than': '>', 'at most': '≤' };

const holds = { 'at least': (a, b) => a >= b, 'more than': (a, b) => a > b, 'at most': (a, b) => a <= b };

/** What a part is held to. `value` is NaN when it could not be measured: that is missed. `note` stands behind the figure. */
export const goal = (name, value, is, bound, { digits = 2, unit = '', note = '' } = {}) => ({
  name,
  value,
  is,
  bound,
  met: holds[is](value, bound),
  line: `goal ${name} ${SIGNS[is]} ${bound}${unit} … ${figure(value, digits)}${unit}${note === '' ? '' : ` (${note})`} … ${
    holds[is](value, bound) ? 'met' : 'missed'
  }`,
});
