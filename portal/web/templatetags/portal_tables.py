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
`none`: how its card treats it), carry its column's name where a card would be unclear without (`label=`); one that
names its row is a `rowhead`. Roles are written out because the cards' CSS takes from a table what it means.
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


class CellNode(Node):
    """A row or a cell. All but the label is known when the template is read, so drawing hundreds costs little."""

    def __init__(self, name: str, opening: str, label: FilterExpression | None, nodelist: NodeList) -> None:
        self.opening, self.closing, self.label, self.nodelist = f"<{opening}", f"</{name}>", label, nodelist

    def render(self, context: template.Context) -> SafeString:
        content, label = self.nodelist.render(context), ""
        if self.label:
            label = f' data-label="{conditional_escape(self.label.resolve(context))}"'
        return mark_safe(f"{self.opening}{label}>{content}{self.closing}")


@register.tag
def row(parser: Parser, token: Token) -> CellNode:
    """`{% row %}` … `{% endrow %}`: a row of a table's body."""
    return CellNode("tr", 'tr role="row"', None, _until(parser, "endrow"))


@register.tag
def cell(parser: Parser, token: Token) -> CellNode:
    """`{% cell "next" also="pm-number" lang="ru" label=_("Place") %}` … `{% endcell %}`; all of it may be left out."""
    attributes, label = _attributes(parser, token)
    return CellNode("td", f'td role="cell"{attributes}', label, _until(parser, "endcell"))


@register.tag
def rowhead(parser: Parser, token: Token) -> CellNode:
    """The same for the cell that is the heading of its row, until `{% endrowhead %}`."""
    attributes, label = _attributes(parser, token)
    return CellNode("th", f'th scope="row" role="rowheader"{attributes}', label, _until(parser, "endrowhead"))


def _until(parser: Parser, end: str) -> NodeList:
    nodelist = parser.parse((end,))
    parser.delete_first_token()
    return nodelist


def _attributes(parser: Parser, token: Token) -> tuple[str, FilterExpression | None]:
    """The attributes that a cell's tag asks for, as html, and its label."""
    name, *bits = token.split_contents()
    kind = [] if not bits or "=" in bits[0] else [parser.compile_filter(bits.pop(0))]
    options = token_kwargs(bits, parser)
    label = options.pop("label", None)
    texts = [*kind, *options.values()]
    if bits or options.keys() - {"also", "lang"} or not all(isinstance(text.var, str) for text in texts):
        raise template.TemplateSyntaxError(
            f"{{% {name} %}} takes a kind, also, lang and label, all but the label as text."
        )
    classes = [f"pm-cell--{one.var}" for one in kind] + [
        options[key].var for key in ("also",) if key in options
    ]
    attributes = f' class="{" ".join(classes)}"' if classes else ""
    attributes += f' lang="{options["lang"].var}"' if "lang" in options else ""
    return attributes, label
