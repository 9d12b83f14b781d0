# Puts every file of the default theme into the program, byte for byte, so that the binary alone can
# render.
function(embed_theme target folder)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${folder} ${folder}/*)
  set(rows "")
  foreach(file IN LISTS files)
    file(READ ${folder}/${file} bytes HEX)
    file(SIZE ${folder}/${file} size)
    string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${bytes}")
    string(APPEND rows "    {\"${file}\", {\"${bytes}\", ${size}}},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/${file})
  endforeach()
  string(CONCAT source
    "#include \"templates/theme_files.h\"\n\n"
    "namespace templates {\n\n"
    "const std::vector<ThemeFile>& default_theme() {\n"
    "  static const std::vector<ThemeFile> files = {\n${rows}  };\n"
    "  return files;\n"
    "}\n\n"
    "}  // namespace templates\n")
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/default_theme.cc)
  file(CONFIGURE OUTPUT ${generated} CONTENT "${source}" @ONLY)
  target_sources(${target} PRIVATE ${generated})
endfunction()
