// What the local Slack leaves undone of forms: a choice reaches the bot (block_actions), and what a form holds from the
// start is shown and sent. Its page is one minified script, of one version: where a piece is missing we stop.
const PIECES = [
  [
    'get:(R,L)=>{var P;return(P=g[R])==null?void 0:P[L]},set:(R,L,P)=>k(B=>({...B,[R]:{...B[R],[L]:P}}))}),[g]);',
    'get:(R,L)=>formState(m,g)[R]?.[L],choose:(R,L,P)=>pe.send(chosen(a,m,formState(m,g),R,L,P)),' +
      'set(R,L,P){k(B=>({...B,[R]:{...B[R],[L]:P}}));P.type==="plain_text_input"||this.choose(R,L,P)}}),[g,m,a]);',
  ],
  [
    'onChange:D=>K.set(c,g,{type:"plain_text_input",value:D.target.value})',
    'onChange:D=>K.set(c,g,{type:"plain_text_input",value:D.target.value}),' +
      'onKeyDown:D=>{D.key==="Enter"&&K.choose(c,g,K.get(c,g))}',
  ],
  ["onClick:()=>f6(a,g)", "onClick:()=>f6(a,formState(m,g))"],
  ['children:[R,": ",L]', 'children:[formLabel(m,R)," : ",L]'],
];

export function withForms(html) {
  for (const [piece, mended] of PIECES) {
    if (!html.includes(piece)) throw new Error(`the page has changed: ${piece}`);
    html = html.replace(piece, () => mended);
  }
  return html;
}

// The sockets of the bots and of the page, seen by us first.
export function withChoices(websocket) {
  const bots = new Set();
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
      if (socket.data.kind !== "ui" || !text.toString().startsWith('{"t":"choice"')) return websocket.message(socket, text);
      const { payload } = JSON.parse(text);
      const envelope = { envelope_id: crypto.randomUUID(), type: "interactive", payload, accepts_response_payload: true };
      [...bots].at(-1)?.send(JSON.stringify(envelope));
    },
  };
}
