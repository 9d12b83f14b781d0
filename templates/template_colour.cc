#include "templates/template_colour.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "templates/template_value.h"

namespace templates {
namespace {

using Colour = std::array<double, 3>;  // red, green, blue from 0 to 255

constexpr double kContrast = 4.5;
constexpr int kShades = 100;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Colour parse(std::string_view text) {
  const bool digits = text.starts_with('#') &&
                      std::all_of(text.begin() + 1, text.end(), [](char c) { return hex_digit(c) >= 0; });
  if (!digits || (text.size() != 4 && text.size() != 7)) {
    throw ValueProblem('"' + std::string(text) + "\" is no colour of the form #1f5fbf");
  }
  Colour colour{};
  const std::size_t width = text.size() / 3;
  for (std::size_t i = 0; i < colour.size(); ++i) {
    const int high = hex_digit(text[1 + i * width]);
    const int low = hex_digit(text[i * width + width]);
    colour[i] = high * 16 + low;
  }
  return colour;
}

std::string hex(const Colour& colour) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "#";
  for (const double channel : colour) {
    const auto byte = static_cast<std::size_t>(std::lround(channel));
    text += kDigits[byte / 16];
    text += kDigits[byte % 16];
  }
  return text;
}

// Relative luminance, WCAG 2.
double luminance(const Colour& colour) {
  static const std::array<double, 256> kLinear = [] {
    std::array<double, 256> linear{};
    for (std::size_t i = 0; i < linear.size(); ++i) {
      const double value = static_cast<double>(i) / 255;
      linear[i] = value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    }
    return linear;
  }();
  const auto linear = [](double channel) { return kLinear[static_cast<std::size_t>(channel + 0.5)]; };
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}

// Of two luminances.
double contrast(double a, double b) {
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

Colour mixed(const Colour& from, const Colour& to, double share) {
  Colour colour{};
  for (std::size_t i = 0; i < colour.size(); ++i) colour[i] = from[i] + (to[i] - from[i]) * share;
  return colour;
}

}  // namespace

std::string readable_colour(std::string_view colour, std::string_view ground) {
  const Colour wanted = parse(colour);
  const double behind = luminance(parse(ground));
  const Colour black{0, 0, 0};
  const Colour white{255, 255, 255};
  const Colour& end = contrast(behind, luminance(white)) > contrast(behind, luminance(black)) ? white : black;
  for (int shade = 0; shade < kShades; ++shade) {
    const Colour tried = mixed(wanted, end, static_cast<double>(shade) / kShades);
    if (contrast(luminance(tried), behind) >= kContrast) return hex(tried);
  }
  return hex(end);
}

}  // namespace templates
