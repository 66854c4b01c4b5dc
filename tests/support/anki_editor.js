// What Anki's editor does to a field when its note is shown in the browser, without the widgets around it.
// Source: Anki 26.09.3, ts/routes/editor/rich-text-input/transform.ts, ts/lib/editable/mathjax-element.svelte.ts,
// ts/lib/tslib/dom.ts, `transformContentBeforeSave` in ts/routes/editor/NoteEditor.svelte.
const BLOCKS = new Set(
    `ADDRESS ARTICLE ASIDE BLOCKQUOTE DETAILS DIALOG DD DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM H1 H2 H3
     H4 H5 H6 HEADER HGROUP HR LI MAIN NAV OL P PRE SECTION TABLE UL`.split(/\s+/)
);
const TAG = "anki-mathjax";

const trimBreaks = (text) => text.replace(/<br[ ]*\/?>/g, "\n").replace(/^\n*/, "").replace(/\n*$/, "");

function markFormulas(html) {
    return html
        .replace(/\\\[(.*?)\\\]/gsu, (_, tex) => `<${TAG} block="true">${trimBreaks(tex)}</${TAG}>`)
        .replace(/\\\((.*?)\\\)/gsu, (_, tex) => `<${TAG}>${trimBreaks(tex)}</${TAG}>`);
}

function unmarkFormulas(html) {
    const marked = new RegExp(`<${TAG}(?:[^>]*?block="(.*?)")?[^>]*?>(.*?)</${TAG}>`, "gsu");
    return html.replace(marked, (_, block, tex) =>
        block !== undefined && block !== "false" ? `\\[${trimBreaks(tex)}\\]` : `\\(${trimBreaks(tex)}\\)`
    );
}

const isBlock = (element) =>
    BLOCKS.has(element.tagName) || (element.hasAttribute("block") && element.getAttribute("block") !== "false");

const isInline = (node) =>
    [...node.childNodes].every((child) => !(child instanceof Element && isBlock(child)) && isInline(child));

function rewrite(html) {
    const page = `<html><head></head><body>${markFormulas(html)}</body></html>`;
    const fragment = document.createRange().createContextualFragment(page);
    if (isInline(fragment)) fragment.append(document.createElement("br"));

    fragment.normalize();
    for (const formula of fragment.querySelectorAll(TAG)) formula.innerHTML = formula.innerHTML;
    if (isInline(fragment) && fragment.lastChild?.tagName === "BR") fragment.lastChild.remove();
    const holder = document.createElement("div");
    holder.append(fragment);
    const stored = unmarkFormulas(holder.innerHTML)
        .replace(/ data-editor-shrink="(true|false)"/g, "")
        .replaceAll("\0", "");
    return ["<br>", "<div><br></div>"].includes(stored) ? "" : stored;
}
