// What the local Slack leaves undone of forms: a choice reaches the bot (block_actions), what is typed into a search too
// (block_suggestion), and what a form holds from the start is shown and sent. Its page is one minified script, of one version: where a piece is missing we stop.
const PIECES = [
  [
    'get:(R,L)=>{var P;return(P=g[R])==null?void 0:P[L]},set:(R,L,P)=>k(B=>({...B,[R]:{...B[R],[L]:P}}))}),[g]);',
    'get:(R,L)=>formState(m,g)[R]?.[L],choose:(R,L,P)=>pe.send(chosen(a,m,formState(m,g),R,L,P)),' +
      'set(R,L,P){k(B=>({...B,[R]:{...B[R],[L]:P}}));P.type==="plain_text_input"||this.choose(R,L,P)},' +
      "search:(R,L,P)=>search(a,m,formState(m,g),R,L,P)}),[g,m,a]);",
  ],
  [
    'case"datepicker":{const V=((ee=',
    'case"external_select":return f.jsx("input",{className:"bk-plain-input",list:"suggestions",' +
      'placeholder:l.placeholder?.text,defaultValue:l.initial_option?.value??"",onChange:D=>{' +
      "const V=suggestions.get(D.target.value);" +
      'V?K.set(c,g,{type:"external_select",selected_option:V}):K.search(c,g,D.target.value)}},c);' +
      'case"datepicker":{const V=((ee=',
  ],
  [
    'onChange:D=>K.set(c,g,{type:"plain_text_input",value:D.target.value})',
    'onChange:D=>K.set(c,g,{type:"plain_text_input",value:D.target.value}),' +
      'onKeyDown:D=>{D.key==="Enter"&&K.choose(c,g,K.get(c,g))}',
  ],
  ["onClick:()=>f6(a,g)", "onClick:()=>f6(a,formState(m,g))"],
  ['children:[R,": ",L]', 'children:[formLabel(m,R)," : ",L]'],
  // An address inside code is no link, and takes no backtick along.
  [
    `c=c.replace(/(^|[\\s(])(https?:\\/\\/[^\\s<>"']+)/g,(a,m,g)=>`,
    `c=c.replace(/(\`[^\`\\n]+\`)|(^|[\\s(])(https?:\\/\\/[^\\s<>"']+)/g,(a,k,m,g)=>k??`,
  ],
];

export function withForms(html) {
  for (const [piece, mended] of PIECES) {
    if (!html.includes(piece)) throw new Error(`the page has changed: ${piece}`);
    html = html.replace(piece, () => mended);
  }
  return html;
}

const bots = new Set();
const asked = new Map(); // what is done with the answer to an envelope of ours

function send(payload) {
  const envelope_id = crypto.randomUUID();
  [...bots].at(-1)?.send(JSON.stringify({ envelope_id, type: "interactive", payload, accepts_response_payload: true }));
  return envelope_id;
}

// What the bot offers for what was typed, nothing after three seconds.
export function suggest(payload) {
  return new Promise((resolve) => {
    const envelope_id = send(payload);
    asked.set(envelope_id, resolve);
    setTimeout(() => asked.delete(envelope_id) && resolve([]), 3000);
  });
}

// The sockets of the bots and of the page, seen by us first.
export function withChoices(websocket) {
  return {
    ...websocket,
    open(socket) {
      if (socket.data.kind === "socket") bots.add(socket);
      return websocket.open(socket);
    },
    close(socket, ...reason) {
      bots.delete(socket);
      return websocket.close(socket, ...reason);
    },
    message(socket, text) {
      if (socket.data.kind === "ui" && text.toString().startsWith('{"t":"choice"')) return send(JSON.parse(text).payload);
      if (socket.data.kind === "socket" && asked.size) answer(JSON.parse(text));
      return websocket.message(socket, text);
    },
  };
}

function answer({ envelope_id, payload }) {
  asked.get(envelope_id)?.(payload?.options ?? []);
  asked.delete(envelope_id);
}
