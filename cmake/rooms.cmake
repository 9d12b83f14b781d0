# A room is a folder and a namespace. Its headers are seen as "room/header.h" only by targets that
# link it, so that an include against the direction of the picture in docs/architecture.md does not
# build.
#
#   fridayd_room(NAME FOLDER dir LINKS target... [SOURCES file...])
function(fridayd_room name)
  cmake_parse_arguments(ROOM "" "FOLDER" "LINKS;SOURCES" ${ARGN})
  set(folder ${CMAKE_SOURCE_DIR}/${ROOM_FOLDER})
  if(NOT ROOM_SOURCES)
    file(GLOB_RECURSE ROOM_SOURCES CONFIGURE_DEPENDS ${folder}/*.cc)
  endif()
  set(door ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${door})
  file(CREATE_LINK ${folder} ${door}/${name} SYMBOLIC)
  if(ROOM_SOURCES)
    add_library(${name} STATIC ${ROOM_SOURCES})
    target_include_directories(${name} PUBLIC ${door})
    target_link_libraries(${name} PUBLIC fridayd_flags ${ROOM_LINKS})
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${door})
    target_link_libraries(${name} INTERFACE fridayd_flags ${ROOM_LINKS})
  endif()
endfunction()
