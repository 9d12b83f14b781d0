# cmake --install: everything in its place, below any --prefix and DESTDIR.
install(TARGETS fridayd fridayctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

# The unit names the programs by their full paths, which only the installation knows.
install(CODE "set(bin \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
configure_file(\"${CMAKE_SOURCE_DIR}/systemd/fridayd.service\" \"${CMAKE_BINARY_DIR}/fridayd.service\" @ONLY)")
install(FILES ${CMAKE_BINARY_DIR}/fridayd.service systemd/fridayd.socket DESTINATION lib/systemd/system)
install(FILES systemd/fridayd.sysusers DESTINATION lib/sysusers.d RENAME fridayd.conf)
install(FILES systemd/fridayd.tmpfiles DESTINATION lib/tmpfiles.d RENAME fridayd.conf)

install(DIRECTORY templates/default/ DESTINATION ${CMAKE_INSTALL_DATADIR}/fridayd/templates)
install(FILES config/fridayd.toml DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
install(FILES README.md CHANGELOG.md LICENSE docs/architecture.md docs/writing-drafts.md docs/templates.md
              docs/operating.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES docs/man/fridayctl.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES docs/man/fridayd.toml.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES docs/man/fridayd.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
