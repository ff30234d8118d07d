/** A sample function: each run writes one invoice, told in two lines. */
export const handler = async () => {
  const invoice = Math.floor(1000 + Math.random() * 9000);
  console.log(JSON.stringify({ level: 'info', message: 'invoice written', invoice }));
  console.log(JSON.stringify({ level: 'info', message: 'invoice sent', invoice }));
  return { invoice };
};
