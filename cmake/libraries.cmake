# Third-party libraries, all from Debian 12, each as one target that a room links.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(OpenSSL 3 REQUIRED)
find_package(PkgConfig REQUIRED)

pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
# A bare -lcpp-httplib corrupts the heap: the library's compile flags are part of its ABI.
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)
pkg_check_modules(curl REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(libsystemd REQUIRED IMPORTED_TARGET libsystemd)
pkg_check_modules(libsodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(yaml REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(gumbo REQUIRED IMPORTED_TARGET gumbo)
pkg_check_modules(md4c REQUIRED IMPORTED_TARGET md4c)
pkg_check_modules(icu REQUIRED IMPORTED_TARGET icu-i18n icu-uc)
pkg_check_modules(idn2 REQUIRED IMPORTED_TARGET libidn2)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_path(TL_EXPECTED_INCLUDE tl/expected.hpp REQUIRED)

add_library(fridayd_flags INTERFACE)
target_compile_options(fridayd_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
  # g++ 12 sees overlaps and overflows in std::string's own code that are none (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>)
target_compile_definitions(fridayd_flags INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
if(FRIDAYD_SANITIZE)
  target_compile_options(fridayd_flags INTERFACE
    -fsanitize=${FRIDAYD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(fridayd_flags INTERFACE -fsanitize=${FRIDAYD_SANITIZE})
  if(FRIDAYD_SANITIZE MATCHES "thread")
    # Asio's fences are not instrumented, which g++ says for each of them.
    target_compile_options(fridayd_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
else()
  target_compile_options(fridayd_flags INTERFACE
    -fstack-protector-strong -fcf-protection $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
  target_link_options(fridayd_flags INTERFACE -Wl,-z,relro,-z,now)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(asio STATIC ${CMAKE_SOURCE_DIR}/cmake/asio.cc)
target_link_libraries(asio PUBLIC fridayd_flags Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# What most files of the larger rooms read, compiled once for all of them. Each file includes what it uses
# all the same.
set(ASIO_HEADERS
    <algorithm> <chrono> <filesystem> <functional> <map> <memory> <optional> <string> <string_view> <utility>
    <vector> <boost/asio/awaitable.hpp> <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp>
    <boost/asio/post.hpp> <boost/asio/steady_timer.hpp> <boost/asio/thread_pool.hpp> <boost/json.hpp>
    <tl/expected.hpp>)
add_library(house_headers OBJECT ${CMAKE_SOURCE_DIR}/cmake/house_headers.cc)
target_link_libraries(house_headers PRIVATE asio Boost::json spdlog::spdlog)
target_precompile_headers(house_headers PRIVATE ${ASIO_HEADERS} <spdlog/spdlog.h>)
