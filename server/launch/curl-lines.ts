/** Lines to paste into a shell beside a running cluster: one short tour of what the store does. */

/** `httpPorts`: of each node; with one node the tour writes its siblings through that one. */
export function curlLines(httpPorts: readonly number[]): string {
  const [first = 0, second = first] = httpPorts;
  const one = `http://127.0.0.1:${first}`;
  const other = `http://127.0.0.1:${second}`;
  const readContext = `CONTEXT=$(curl -s -D - -o /dev/null ${one}/v1/carts/ada | tr -d '\\r' | sed -n 's/^tipcart-context: //p')`;
  return `# Put a cart, and read it back: the context in the headers says what you have seen.
curl -s -X PUT --data-binary 'two apples' ${one}/v1/carts/ada
curl -s -i ${other}/v1/carts/ada

# Change it, naming what you have seen.
${readContext}
curl -s -X PUT -H "tipcart-context: $CONTEXT" --data-binary 'three apples' ${one}/v1/carts/ada

# Change it once more with that same context, now outdated: both values are kept, as siblings (status 300).
curl -s -X PUT -H "tipcart-context: $CONTEXT" --data-binary 'one pear' ${other}/v1/carts/ada
curl -s -w 'status %{http_code}\\n' ${one}/v1/carts/ada

# Merge them yourself: a context that covers both, and one value in their place.
${readContext}
curl -s -X PUT -H "tipcart-context: $CONTEXT" --data-binary 'three apples, one pear' ${one}/v1/carts/ada
curl -s -w '\\nstatus %{http_code}\\n' ${other}/v1/carts/ada

# Delete it. The answer to a read is 404, with a context that covers the delete.
${readContext}
curl -s -X DELETE -H "tipcart-context: $CONTEXT" ${one}/v1/carts/ada
curl -s -w 'status %{http_code}\\n' ${other}/v1/carts/ada

# Where the key lives, how the node is, and what it has done.
curl -s ${one}/v1/preference/carts/ada
curl -s ${one}/v1/health
curl -s ${one}/metrics | grep write-answered
`;
}
