/** A made-up salesperson, as Zoho writes an owner. */
export interface SalesRep {
  /** Of a Zoho user: digits. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

const rep = (number: number, name: string): SalesRep => ({
  id: `5540230000000900${String(number).padStart(2, '0')}`,
  name,
  email: `${name.toLowerCase().replace(' ', '.')}@example.com`,
});

const ofCountry: Readonly<Record<string, SalesRep>> = {
  Germany: rep(11, 'Lena Vogt'),
  Austria: rep(11, 'Lena Vogt'),
  Switzerland: rep(11, 'Lena Vogt'),
  France: rep(12, 'Marc Dubreuil'),
  Belgium: rep(12, 'Marc Dubreuil'),
  Netherlands: rep(12, 'Marc Dubreuil'),
  EIRE: rep(13, 'Aoife Keane'),
  Spain: rep(14, 'Ines Duarte'),
  Portugal: rep(14, 'Ines Duarte'),
  Italy: rep(14, 'Ines Duarte'),
  Norway: rep(15, 'Sigrid Holm'),
  Sweden: rep(15, 'Sigrid Holm'),
  Denmark: rep(15, 'Sigrid Holm'),
  Finland: rep(15, 'Sigrid Holm'),
};
const british = [rep(1, 'Tom Ashby'), rep(2, 'Priya Nair'), rep(3, 'Grace Hollis')] as const;
const elsewhere = rep(16, 'Wei Zhang');

/** Who looks after a customer: by country, and in Britain by the customer's number. */
export const salesRepOf = (customer: string, country: string): SalesRep =>
  country === 'United Kingdom'
    ? (british[Number(customer) % british.length] ?? british[0])
    : (ofCountry[country] ?? elsewhere);
