/** Why a stream of XML is given up, in the words of RFC 6120, 4.9.3. */
export type XmlCondition =
  | 'bad-namespace-prefix'
  | 'invalid-namespace'
  | 'not-well-formed'
  | 'policy-violation'
  | 'restricted-xml'
  | 'unsupported-encoding';

/** Its message quotes nothing of what was sent. */
export class XmlError extends Error {
  readonly condition: XmlCondition;

  constructor(condition: XmlCondition, message: string) {
    super(message);
    this.name = 'XmlError';
    this.condition = condition;
  }
}
