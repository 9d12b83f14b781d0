#include "templates/markdown_table_text.h"

#include <algorithm>
#include <string_view>

#include "templates/markdown_characters.h"
#include "templates/markdown_plain.h"
#include "templates/markdown_wrap.h"

namespace templates {
namespace {

constexpr std::string_view kGap = "  ";
constexpr std::size_t kLongestLabel = 40;
// Padding may make a table this many times its content, and a bit: what is emptier becomes a list.
constexpr std::size_t kMostPadding = 8;
constexpr std::size_t kFreePadding = std::size_t{64} << 10U;

struct Cell {
  std::string text;  // one line
  std::size_t width = 0;
  std::string_view align;
};

struct Row {
  std::vector<Cell> cells;
  bool header = false;
};

struct Rows {
  std::vector<Row> rows;
  std::vector<std::size_t> widths;
  std::size_t content = 0;
};

std::string one_line(std::string_view flow) {
  std::string out;
  for (const std::string& line : wrap(flow, flow.size() + 1)) {
    if (!out.empty() && !line.empty()) out += ' ';
    out += line;
  }
  return out;
}

Row read_row(const Node& tr, FlowWriter& flows) {
  Row row;
  row.header = tr.first_child != nullptr;
  for (const Node* child = tr.first_child; child != nullptr; child = child->next) {
    if (child->kind != Kind::kTd && child->kind != Kind::kTh) continue;
    Cell cell;
    cell.text = one_line(flows.flow_of_children(*child));
    cell.width = flow_width(cell.text);
    cell.align = child->value(AttributeName::kAlign);
    row.header = row.header && child->kind == Kind::kTh;
    row.cells.push_back(std::move(cell));
  }
  return row;
}

Rows read(const Node& table, FlowWriter& flows) {
  Rows all;
  for (const Node* n = following(&table, table); n != nullptr;) {
    if (n->kind != Kind::kTr) {
      const bool section = n->kind == Kind::kThead || n->kind == Kind::kTbody || n->kind == Kind::kTfoot;
      n = section ? following(n, table) : following_sibling(n, table);
      continue;
    }
    all.rows.push_back(read_row(*n, flows));
    const Row& row = all.rows.back();
    if (row.cells.size() > all.widths.size()) all.widths.resize(row.cells.size(), 0);
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      all.widths[i] = std::max(all.widths[i], row.cells[i].width);
      all.content += row.cells[i].text.size() + 1;
    }
    n = following_sibling(n, table);
  }
  return all;
}

std::string aligned(const Row& row, const std::vector<std::size_t>& widths) {
  std::string line;
  std::size_t owed = 0;  // spaces that only count if something follows
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Cell& cell = row.cells[i];
    const std::size_t padding = widths[i] - cell.width;
    const std::size_t before = cell.align == "right" ? padding : cell.align == "center" ? padding / 2 : 0;
    if (!cell.text.empty()) {
      line.append(owed + before, ' ');
      line += cell.text;
      owed = padding - before;
    } else {
      owed += widths[i];
    }
    owed += kGap.size();
  }
  return line;
}

std::string rule(const std::vector<std::size_t>& widths) {
  std::string line;
  for (const std::size_t width : widths) {
    if (!line.empty()) line += kGap;
    line.append(std::max<std::size_t>(width, 1), '-');
  }
  return line;
}

std::vector<std::string> side_by_side(const Rows& all) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    lines.push_back(aligned(all.rows[i], all.widths));
    const bool last_header = all.rows[i].header && (i + 1 == all.rows.size() || !all.rows[i + 1].header);
    if (i == 0 && last_header) lines.push_back(rule(all.widths));
  }
  return lines;
}

std::vector<std::string> one_below_another(const Rows& all, std::size_t width) {
  std::vector<std::string> lines;
  const bool labelled =
      all.rows.size() > 1 && all.rows.front().header && all.rows.front().cells.size() <= 100;
  for (std::size_t r = labelled ? 1 : 0; r < all.rows.size(); ++r) {
    if (!lines.empty()) lines.emplace_back();
    const Row& row = all.rows[r];
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (row.cells[i].text.empty()) continue;
      std::string label;
      if (labelled && i < all.rows.front().cells.size()) label = all.rows.front().cells[i].text;
      const bool with_label = !label.empty() && flow_width(label) <= kLongestLabel;
      for (std::string& line :
           wrap(with_label ? label + ": " + row.cells[i].text : row.cells[i].text, width)) {
        lines.push_back(std::move(line));
      }
    }
  }
  return lines;
}

}  // namespace

std::vector<std::string> table_lines(const Node& table, FlowWriter& flows, std::size_t width) {
  const Rows all = read(table, flows);
  std::size_t total = 0;
  for (const std::size_t column : all.widths) total += column + kGap.size();
  const bool fits = total <= width + kGap.size();
  const bool dense = total * all.rows.size() <= kMostPadding * all.content + kFreePadding;
  return fits && dense ? side_by_side(all) : one_below_another(all, width);
}

}  // namespace templates
