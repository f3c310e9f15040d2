"""The table component: one mark-up for every table of the portal, which small screens show as cards.

    {% table rows _("Referrals") %}
      {% column _("Number") %}{% column _("State") %}
    {% body %}
      {% for row in rows %}{% row %}
        {% cell "id" %}{{ row.number }}{% endcell %}
        {% cell "state" %}{% tag row.kind row.label %}{% endcell %}
      {% endrow %}{% endfor %}
    {% otherwise %}
      {% include "components/empty.html" with text=_("Nothing yet.") only %}
    {% endtable %}

The caption is for those who listen. `look="worklist"` makes cards whose number and state come first; `look="open"`
keeps the line under the last row, for a table that a text follows. A cell may be of a kind (`id`, `state`, `next`,
`none`: how its card treats it), carry its column's name where a card would be unclear without (`label=`), or be the
heading of its row (`heading=True`). Roles are written out because the cards' CSS takes from a table what it means.
"""

from typing import Any

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

LOOKS = {
    "list": "pm-table--last-open",
    "worklist": "pm-table--worklist pm-table--last-open",
    "open": "",
}


class TableNode(Node):
    """A table, or what stands in its place where there are no rows."""

    child_nodelists = ("columns", "body", "otherwise")

    def __init__(
        self,
        rows: FilterExpression,
        caption: FilterExpression,
        look: FilterExpression | None,
        columns: NodeList,
        body: NodeList,
        otherwise: NodeList,
    ) -> None:
        self.rows, self.caption, self.look = rows, caption, look
        self.columns, self.body, self.otherwise = columns, body, otherwise

    def render(self, context: template.Context) -> SafeString:
        if not self.rows.resolve(context):
            return self.otherwise.render(context)
        look = self.look.resolve(context) if self.look else "list"
        component = context.template.engine.get_template("components/table.html")  # type: ignore[union-attr]
        parts = {
            "caption": self.caption.resolve(context),
            "look": LOOKS[look],
            "columns": self.columns.render(context),
            "body": self.body.render(context),
        }
        return component.render(context.new(parts))


@register.tag
def table(parser: Parser, token: Token) -> TableNode:
    """`{% table rows caption look="worklist" %}` … `{% body %}` … `{% otherwise %}` … `{% endtable %}`."""
    _name, *bits = token.split_contents()
    if len(bits) not in (2, 3):
        raise template.TemplateSyntaxError("{% table %} takes its rows, a caption and perhaps a look.")
    options = token_kwargs(bits[2:], parser)
    if len(bits) == 3 and set(options) != {"look"}:
        raise template.TemplateSyntaxError("{% table %} knows no option but look.")
    columns = parser.parse(("body",))
    parser.delete_first_token()
    body = parser.parse(("otherwise", "endtable"))
    otherwise = NodeList()
    if parser.next_token().contents == "otherwise":
        otherwise = parser.parse(("endtable",))
        parser.delete_first_token()
    rows, caption = map(parser.compile_filter, bits[:2])
    return TableNode(rows, caption, options.get("look"), columns, body, otherwise)


@register.simple_tag
def column(text: Any, *, hidden: bool = False) -> SafeString:
    """The heading of a column; `hidden=True` leaves it to those who listen."""
    words = format_html('<span class="govuk-visually-hidden">{}</span>', text) if hidden else text
    return format_html('<th scope="col" role="columnheader">{}</th>', words)


@register.simple_block_tag
def row(content: str) -> SafeString:
    """A row of a table's body."""
    return mark_safe(f'<tr role="row">{content}</tr>')


@register.simple_block_tag
def cell(
    content: str, kind: str = "", *, label: Any = "", also: str = "", lang: str = "", heading: bool = False
) -> SafeString:
    """A cell. `also`: a further class; `lang`: the language of what it holds; the rest as in the module's text."""
    names = " ".join(filter(None, (f"pm-cell--{kind}" if kind else "", also)))
    attributes = "".join(
        f' {name}="{conditional_escape(value)}"'
        for name, value in (("class", names), ("data-label", label), ("lang", lang))
        if value
    )
    if heading:
        return mark_safe(f'<th scope="row" role="rowheader"{attributes}>{content}</th>')
    return mark_safe(f'<td role="cell"{attributes}>{content}</td>')
