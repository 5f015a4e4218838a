import DOMPurify from "dompurify";
import { Marked } from "marked";
import { memo, useMemo } from "react";

import { linked } from "../model/citations";

/** HTML in a text is shown as text: a page does not even look at it as HTML. */
const markdown = new Marked({
  gfm: true,
  renderer: { html: ({ text }) => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`) },
});

const TAGS = {
  ALLOWED_TAGS: [
    ..."p br hr h1 h2 h3 h4 h5 h6 strong em del code pre blockquote ul ol li a table thead tbody tr th td sup sub span".split(" "),
  ],
  ALLOWED_ATTR: ["href", "title", "start", "colspan", "rowspan", "target", "rel"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#)/i,
};

DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName !== "A") return;
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer");
});

/** Text that a model wrote, as Markdown; nothing in it can run, load or style anything. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const html = useMemo(() => DOMPurify.sanitize(markdown.parse(linked(text), { async: false }), TAGS), [text]);
  return <div className="markdown" dangerouslySetInnerHTML={{ __html: html }} />;
});
