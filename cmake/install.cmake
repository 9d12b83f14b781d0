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
install(FILES config/fridayd.toml DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
file(GLOB guides CONFIGURE_DEPENDS docs/*.md)
install(FILES README.md CHANGELOG.md LICENSE ${guides} DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES docs/man/fridayctl.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES docs/man/fridayd.toml.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES docs/man/fridayd.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
