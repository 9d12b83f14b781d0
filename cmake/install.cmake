# cmake --install: everything in its place, below any --prefix and DESTDIR.
install(TARGETS fridayd fridayctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

# The unit names the programs by their full paths, which only the installation knows.
install(CODE "
  set(bin \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
  set(unit \"\${CMAKE_INSTALL_PREFIX}/lib/systemd/system/fridayd.service\")
  message(STATUS \"Installing: \$ENV{DESTDIR}\${unit}\")
  configure_file(\"${CMAKE_SOURCE_DIR}/systemd/fridayd.service\" \"\$ENV{DESTDIR}\${unit}\"
                 FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ @ONLY)
  list(APPEND CMAKE_INSTALL_MANIFEST_FILES \"\${unit}\")")
install(FILES systemd/fridayd.socket DESTINATION lib/systemd/system)
install(FILES systemd/fridayd.sysusers DESTINATION lib/sysusers.d RENAME fridayd.conf)
install(FILES systemd/fridayd.tmpfiles DESTINATION lib/tmpfiles.d RENAME fridayd.conf)

install(DIRECTORY templates/default/ DESTINATION ${CMAKE_INSTALL_DATADIR}/fridayd/templates)
install(FILES config/fridayd.toml config/demo.toml DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
# As they lie here, so that their links lead somewhere there, too.
install(FILES README.md CHANGELOG.md CONTRIBUTING.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} PATTERN man EXCLUDE)

# The pages name the folder of documents, which only the installation knows.
foreach(page fridayctl.1 fridayd.toml.5 fridayd.8)
  string(REGEX MATCH "[0-9]$" part ${page})
  install(CODE "
    file(READ \"${CMAKE_SOURCE_DIR}/docs/man/${page}\" text)
    string(REPLACE \"/usr/share/doc/fridayd\" \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DOCDIR}\" text \"\${text}\")
    set(installed \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_MANDIR}/man${part}/${page}\")
    message(STATUS \"Installing: \$ENV{DESTDIR}\${installed}\")
    file(WRITE \"\$ENV{DESTDIR}\${installed}\" \"\${text}\")
    list(APPEND CMAKE_INSTALL_MANIFEST_FILES \"\${installed}\")")
endforeach()
